/** Bundles the viewer into dist/ under names that do not change: viewer.js, viewer.css, draco/. */

import { build } from "esbuild";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET = 250 * 1024;

await rm("dist", { recursive: true, force: true });
await mkdir("dist/draco", { recursive: true });
await build({
  entryPoints: ["src/viewer.ts"],
  outfile: "dist/viewer.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
});
for (const file of ["draco_decoder.js", "draco_decoder.wasm", "draco_wasm_wrapper.js"]) {
  await cp(`node_modules/three/examples/jsm/libs/draco/gltf/${file}`, `dist/draco/${file}`);
}
await cp("src/viewer.css", "dist/viewer.css");

const bytes = gzipSync(await readFile("dist/viewer.js"), { level: 9 }).length;
console.log(`viewer.js is ${(bytes / 1024).toFixed(1)} KB gzipped (budget ${BUDGET / 1024} KB)`);
if (bytes > BUDGET) process.exitCode = 1;
