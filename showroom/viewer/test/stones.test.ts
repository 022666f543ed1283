import assert from "node:assert/strict";
import { test } from "node:test";
import { opticsOf } from "../src/stones.ts";

const near = (actual: readonly number[] | undefined, expected: number[]): void =>
  expected.forEach((value, i) => assert.ok(Math.abs(actual![i]! - value) < 5e-4, `${actual}`));

test("diamond bends red, yellow and blue as Walter measured", () => {
  const pavilion = { role: "stone", kind: "diamond", ior: 2.417, dispersion: 0.044 };
  near(opticsOf({ userData: { pavilion } })?.ior, [2.407, 2.417, 2.451]);
});

test("a part named stone:diamond is one without a word from its material", () => {
  near(opticsOf({}, "stone:diamond centre")?.ior, [2.407, 2.417, 2.451]);
});

test("declared absorption is taken as it is", () => {
  const pavilion = { role: "stone", kind: "ruby", ior: 1.766, absorption: [0.03, 1.1, 0.75] };
  assert.deepEqual(opticsOf({ userData: { pavilion } })?.absorption, [0.03, 1.1, 0.75]);
});

test("the volume extension tells the colour where nothing is declared", () => {
  const attenuationColor = { r: 1, g: Math.exp(-1), b: Math.exp(-2) };
  const glass = { transmission: 1, ior: 1.7, attenuationColor, attenuationDistance: 0.002 };
  near(opticsOf({ ...glass, name: "stone:spinel" })?.absorption, [0, 0.5, 1]);
});

test("metal, opaque stones and stones of which nothing is known are left alone", () => {
  assert.equal(opticsOf({ name: "metal:gold-750-yellow" }, "metal:gold-750-yellow band"), null);
  assert.equal(opticsOf({ name: "stone:turquoise" }), null);
  const pavilion = { role: "stone", kind: "onyx", ior: 1.54, optics: "opaque", absorption: [9, 9, 9] };
  assert.equal(opticsOf({ userData: { pavilion } }), null);
});
