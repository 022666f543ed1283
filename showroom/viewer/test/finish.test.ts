import assert from "node:assert/strict";
import { test } from "node:test";
import { Color, Mesh, MeshPhysicalMaterial, Texture } from "three";

import { finish } from "../src/finish.ts";

const GREEN = [0.02, 0.25, 0.06] as const;

function finished(material: MeshPhysicalMaterial): MeshPhysicalMaterial {
  finish(new Mesh(undefined, material), new Texture());
  return material;
}

test("our jade keeps the colour that its file gives the surface, and looks through nothing", () => {
  const jade = new MeshPhysicalMaterial({ transmission: 0.4, color: new Color(...GREEN) });
  jade.userData["pavilion"] = { kind: "jadeite", color: [0.1, 0.7, 0.3] };
  const { color, emissive, transmission } = finished(jade);
  assert.deepEqual(color.toArray(), [...GREEN]);
  assert.ok(emissive.g > emissive.r && emissive.g < color.g);
  assert.equal(transmission, 0);
});

test("a white stone of somebody else's takes its volume's colour", () => {
  const material = new MeshPhysicalMaterial({ transmission: 1 });
  material.attenuationColor = new Color(0.1, 0.8, 0.3);
  const { color } = finished(material);
  assert.ok(color.g > 2 * color.r && color.g < 0.8);
});
