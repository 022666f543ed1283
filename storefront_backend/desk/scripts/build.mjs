/** Bundles each file directly below src/ into dist/, under a name that does not change, with what they share beside them. */

import { build } from "esbuild";
import { readdir, rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
const names = (await readdir("src")).filter((name) => /\.(ts|css)$/.test(name) && !name.endsWith(".d.ts"));
await build({
  entryPoints: names.map((name) => `src/${name}`),
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
});
