import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS, afterKey, moved } from "../src/controls.ts";
import { distanceFor, outlineOf } from "../src/framing.ts";
import { Pace } from "../src/pace.ts";

const start = { azimuth: 0.6, elevation: 0.3, zoom: 1 };

test("arrows turn, plus and minus undo each other, Home goes back", () => {
  assert.ok(afterKey("ArrowRight", start, start)!.azimuth > start.azimuth);
  const nearer = afterKey("+", start, start)!;
  assert.equal(nearer.zoom, 1.2);
  assert.equal(afterKey("-", nearer, start)!.zoom, 1);
  assert.deepEqual(afterKey("Home", moved(start, 2, 1, 3), start), start);
  assert.equal(afterKey("Tab", start, start), null);
});

test("the camera never goes under the table or through the piece", () => {
  assert.equal(moved(start, 0, -9).elevation, LIMITS.elevation[0]);
  assert.equal(moved(start, 0, 9).elevation, LIMITS.elevation[1]);
  assert.equal(moved(start, 0, 0, 100).zoom, LIMITS.zoom[1]);
});

test("a narrow picture is taken from further away, and a piece twice as big from twice as far", () => {
  const outline = outlineOf([[1, 0, 0], [-1, 2, 0], [0, 1, 1]]);
  const twice = outline.map(({ reach, height }) => ({ reach: 2 * reach, height: 2 * height }));
  const square = distanceFor(outline, 1, 0.3, 1);
  assert.ok(distanceFor(outline, 1, 0.3, 0.5) > 1.5 * square);
  assert.ok(Math.abs(distanceFor(twice, 2, 0.3, 1) - 2 * square) < 1e-9);
});

test("quick frames earn the full shader; slow ones lose it for good", () => {
  const pace = new Pace();
  const drawn = (seconds: number): (string | undefined)[] =>
    Array.from({ length: 21 }, () => pace.next(seconds, true).quality).filter(Boolean);
  assert.deepEqual(drawn(1 / 60), ["full"]);
  assert.deepEqual(drawn(1 / 10), ["fast"]);
  assert.deepEqual(drawn(1 / 60), []);
});

test("a standing picture is refined until a frame of it takes too long", () => {
  const pace = new Pace();
  pace.next(1, true);
  assert.equal(pace.next(1, false).refine, true);
  assert.equal(pace.next(0.02, false).refine, true);
  assert.equal(pace.next(0.5, false).refine, false);
});
