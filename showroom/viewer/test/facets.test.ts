import assert from "node:assert/strict";
import { test } from "node:test";
import { joinFacets, readFacets } from "../src/facets.ts";

type Vector = [number, number, number];

/** The twelve triangles of a box, outward, around a centre. */
function box(half: number, [cx, cy, cz]: Vector = [0, 0, 0]): number[] {
  const corners: number[] = [];
  for (const axis of [0, 1, 2]) {
    for (const sign of [-1, 1]) {
      const at = (u: number, v: number): Vector => {
        const p: Vector = [0, 0, 0];
        p[axis] = sign * half;
        p[(axis + 1) % 3] = u * half * sign;
        p[(axis + 2) % 3] = v * half;
        return [p[0] + cx, p[1] + cy, p[2] + cz];
      };
      const [a, b, c, d] = [at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)];
      corners.push(...a, ...b, ...c, ...a, ...c, ...d);
    }
  }
  return corners;
}

const reversed = (soup: number[]): number[] => {
  const turned: number[] = [];
  for (let i = 0; i < soup.length; i += 9) {
    turned.push(...soup.slice(i, i + 3), ...soup.slice(i + 6, i + 9), ...soup.slice(i + 3, i + 6));
  }
  return turned;
};

/** A globe: every triangle a plane of its own. */
function globe(steps: number): number[] {
  const at = (i: number, j: number): Vector => {
    const [a, b] = [(Math.PI * i) / steps, (2 * Math.PI * j) / steps];
    return [Math.sin(a) * Math.cos(b), Math.cos(a), -Math.sin(a) * Math.sin(b)];
  };
  const soup: number[] = [];
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
      soup.push(...a, ...b, ...c, ...a, ...c, ...d);
    }
  }
  return soup;
}

test("a box has six planes, each its half width from the middle", () => {
  const facets = readFacets(box(2), null);
  assert.equal(facets?.planes.length, 6 * 4);
  assert.deepEqual(
    [3, 7, 11, 15, 19, 23].map((i) => facets?.planes[i]),
    [2, 2, 2, 2, 2, 2],
  );
});

test("every corner knows the first plane of its own stone and how many follow", () => {
  const facets = readFacets([...box(1), ...box(1, [5, 0, 0])], null);
  assert.equal(facets?.stones, 2);
  assert.deepEqual(Array.from(facets?.range.slice(0, 2) ?? []), [0, 6]);
  assert.deepEqual(Array.from(facets?.range.slice(-2) ?? []), [6, 6]);
});

test("meshes joined keep each corner with its own stone", () => {
  const apart = [box(1), box(2, [5, 0, 0])].map((soup) => readFacets(soup, null)!);
  assert.deepEqual(joinFacets(apart), readFacets([...box(1), ...box(2, [5, 0, 0])], null));
});

test("a stone that the file has inside out is turned outward", () => {
  const facets = readFacets(reversed(box(2)), null);
  assert.deepEqual(
    [3, 7, 11, 15, 19, 23].map((i) => facets?.planes[i]),
    [2, 2, 2, 2, 2, 2],
  );
});

test("corners shaken by quantisation still make one facet", () => {
  const shaken = box(2).map((value, i) => value + 0.002 * Math.sin(i * 12.9898));
  // Welded by place, so each corner is shaken alike wherever it appears.
  const alike = new Map<string, number[]>();
  const exact = box(2);
  for (let i = 0; i < exact.length; i += 3) {
    const key = exact.slice(i, i + 3).join();
    const known = alike.get(key) ?? shaken.slice(i, i + 3);
    alike.set(key, known);
    shaken.splice(i, 3, ...known);
  }
  assert.equal(readFacets(shaken, null)?.planes.length, 6 * 4);
});

test("indexed and loose triangles read the same", () => {
  const loose = box(1);
  const index = Array.from({ length: loose.length / 3 }, (_, i) => i);
  assert.deepEqual(readFacets(loose, index), readFacets(loose, null));
});

test("a smooth stone keeps its own material", () => {
  assert.equal(readFacets(globe(32), null), null);
});

test("a hollowed shape is not traced as if it were whole", () => {
  // A box with its top pressed in to the middle: four walls that slope inward.
  const dented = box(2).map((value, i, all) => (i % 3 === 1 && value > 0 ? -1.2 : all[i]!));
  const cross = [...dented, ...box(0.4, [0, -1, 0]).map((v, i) => (i % 3 === 1 ? v * 8 : v))];
  const joined = readFacets(cross, null);
  assert.equal(joined?.stones, 2);
  assert.equal(readFacets(star(), null), null);
});

/** A flat five-pointed star, extruded: deeply not convex. */
function star(): number[] {
  const rim = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 ? 0.35 : 1;
    const a = (Math.PI * i) / 5;
    return [r * Math.cos(a), r * Math.sin(a)] as const;
  });
  const soup: number[] = [];
  rim.forEach(([x, y], i) => {
    const [u, v] = rim[(i + 1) % 10]!;
    soup.push(0, 0, 0.5, x, y, 0.5, u, v, 0.5);
    soup.push(0, 0, -0.5, u, v, -0.5, x, y, -0.5);
    soup.push(x, y, -0.5, u, v, -0.5, u, v, 0.5, x, y, -0.5, u, v, 0.5, x, y, 0.5);
  });
  return soup;
}
