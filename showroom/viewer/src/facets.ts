/**
 * The facet planes of cut stones, read off their triangles.
 *
 * The gem shader does not trace triangles: a stone is convex, so a ray inside it leaves through the
 * nearest plane it runs towards. Eighty planes take the place of a few hundred triangles.
 */

/** Planes per stone. A brilliant with a 64-sided girdle has 121; a smooth cabochon has thousands. */
export const MAX_PLANES = 224;

/** A vertex this near a plane lies in it, as a share of the stone's size: room for quantisation. */
const IN_PLANE = 0.0015;
/** Triangles turned further than this from a facet never belong to it (cosine of 20 degrees). */
const SAME_FACET = 0.94;
/** How far, on average, a stone may bulge over its own facets before it counts as not convex. */
const BULGE = 0.04;

export interface Facets {
  /** Three corners per triangle, in the unit given. */
  position: Float32Array;
  /** The normal of the corner's facet, not of its triangle: quantised slivers do not sparkle. */
  normal: Float32Array;
  /** For each corner: the first plane of its stone and how many follow. */
  range: Float32Array;
  /** Four numbers a plane: the outward unit normal and its distance from the origin. */
  planes: Float32Array;
  stones: number;
}

interface Triangle {
  corners: readonly [number, number, number];
  normal: readonly [number, number, number];
  area: number;
}

interface Plane {
  triangles: Triangle[];
  normal: [number, number, number];
  offset: number;
}

type Vector = readonly [number, number, number];

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/**
 * Reads one mesh, which may hold many stones (a whole pavé). Returns null if any of them is smooth,
 * hollow or not convex: such a mesh keeps its own material.
 */
export function readFacets(
  position: ArrayLike<number>,
  index: ArrayLike<number> | null,
): Facets | null {
  const corners = index ?? Array.from({ length: position.length / 3 }, (_, i) => i);
  const at = (i: number): Vector => [
    position[3 * i] as number,
    position[3 * i + 1] as number,
    position[3 * i + 2] as number,
  ];
  const stones = islands(position, corners).map((stone) => readStone(stone, at));
  if (stones.length === 0 || stones.some((planes) => planes === null)) return null;
  return pack(stones as Plane[][], at);
}

/** Many meshes' stones as one: one draw call and one table of planes. */
export function joinFacets(parts: readonly Facets[]): Facets {
  const joined = (read: (part: Facets) => Float32Array): Float32Array =>
    new Float32Array(parts.flatMap((part) => Array.from(read(part))));
  let first = 0;
  const range = parts.flatMap((part) => {
    const moved = Array.from(part.range, (value, i) => (i % 2 ? value : value + first));
    first += part.planes.length / 4;
    return moved;
  });
  return {
    position: joined((part) => part.position),
    normal: joined((part) => part.normal),
    range: new Float32Array(range),
    planes: joined((part) => part.planes),
    stones: parts.reduce((sum, part) => sum + part.stones, 0),
  };
}

/** Triangles that touch one another, through corners at the same place. */
function islands(position: ArrayLike<number>, corners: ArrayLike<number>): number[][] {
  const parent: number[] = [];
  const find = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i] as number] as number;
      i = parent[i] as number;
    }
    return i;
  };
  const places = new Map<string, number>();
  const place = (i: number): number => {
    const key = [0, 1, 2].map((k) => Math.fround(position[3 * i + k] as number)).join();
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, parent.length);
    parent.push(parent.length);
    return parent.length - 1;
  };
  const welded = Array.from({ length: corners.length }, (_, i) => place(corners[i] as number));
  for (let i = 0; i + 2 < welded.length; i += 3) {
    parent[find(welded[i] as number)] = find(welded[i + 1] as number);
    parent[find(welded[i + 1] as number)] = find(welded[i + 2] as number);
  }
  const found = new Map<number, number[]>();
  for (let i = 0; i + 2 < welded.length; i += 3) {
    const root = find(welded[i] as number);
    const stone = found.get(root) ?? [];
    stone.push(corners[i] as number, corners[i + 1] as number, corners[i + 2] as number);
    found.set(root, stone);
  }
  return [...found.values()];
}

function readStone(corners: number[], at: (i: number) => Vector): Plane[] | null {
  const points = corners.map(at);
  const size = extent(points);
  const triangles = outward(corners, at);
  if (triangles.length < 4 || !(size > 0)) return null;

  const planes: Plane[] = [];
  for (const triangle of triangles.sort((a, b) => b.area - a.area)) {
    const home = planes.find((plane) => lies(triangle, plane, size * IN_PLANE, at));
    if (home) home.triangles.push(triangle);
    else {
      planes.push({
        triangles: [triangle],
        normal: [...triangle.normal],
        offset: dot(triangle.normal, at(triangle.corners[0])),
      });
      if (planes.length > MAX_PLANES) return null;
    }
  }

  let bulge = 0;
  let surface = 0;
  for (const plane of planes) {
    plane.normal = meanNormal(plane.triangles);
    const own = support(plane.normal, plane.triangles.flatMap((t) => t.corners.map(at)));
    // The outermost point wins, so that a ray which starts on the surface starts inside every plane.
    plane.offset = support(plane.normal, points);
    const area = plane.triangles.reduce((sum, t) => sum + t.area, 0);
    bulge += area * (plane.offset - own);
    surface += area;
  }
  return bulge / surface > BULGE * size ? null : planes;
}

function lies(triangle: Triangle, plane: Plane, slack: number, at: (i: number) => Vector): boolean {
  return (
    dot(triangle.normal, plane.normal) > SAME_FACET &&
    triangle.corners.every((i) => Math.abs(dot(plane.normal, at(i)) - plane.offset) <= slack)
  );
}

/** The stone's triangles, turned outward if the file has them inside out; slivers left out. */
function outward(corners: number[], at: (i: number) => Vector): Triangle[] {
  const triangles: Triangle[] = [];
  let volume = 0;
  const origin = at(corners[0] as number);
  for (let i = 0; i + 2 < corners.length; i += 3) {
    const ids = [corners[i], corners[i + 1], corners[i + 2]] as [number, number, number];
    const [a, b, c] = ids.map((id) => subtract(at(id), origin)) as [Vector, Vector, Vector];
    const n = cross(subtract(b, a), subtract(c, a));
    const length = Math.hypot(...n);
    if (length === 0) continue;
    volume += dot(a, n);
    triangles.push({
      corners: ids,
      normal: [n[0] / length, n[1] / length, n[2] / length],
      area: length / 2,
    });
  }
  if (volume >= 0) return triangles;
  return triangles.map(({ corners: [a, b, c], normal: [x, y, z], area }) => ({
    corners: [a, c, b],
    normal: [-x, -y, -z],
    area,
  }));
}

function pack(stones: Plane[][], at: (i: number) => Vector): Facets {
  const position: number[] = [];
  const normal: number[] = [];
  const range: number[] = [];
  const equations: number[] = [];
  for (const planes of stones) {
    const first = equations.length / 4;
    for (const plane of planes) {
      equations.push(...plane.normal, plane.offset);
      for (const corner of plane.triangles.flatMap((triangle) => triangle.corners)) {
        position.push(...at(corner));
        normal.push(...plane.normal);
        range.push(first, planes.length);
      }
    }
  }
  return {
    position: new Float32Array(position),
    normal: new Float32Array(normal),
    range: new Float32Array(range),
    planes: new Float32Array(equations),
    stones: stones.length,
  };
}

function meanNormal(triangles: Triangle[]): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (const { normal, area } of triangles) {
    for (const k of [0, 1, 2] as const) sum[k] += normal[k] * area;
  }
  const length = Math.hypot(...sum);
  return [sum[0] / length, sum[1] / length, sum[2] / length];
}

function support(normal: Vector, points: Vector[]): number {
  let far = -Infinity;
  for (const point of points) far = Math.max(far, dot(normal, point));
  return far;
}

function extent(points: Vector[]): number {
  const along = ([0, 1, 2] as const).map((k) => {
    let low = Infinity;
    let high = -Infinity;
    for (const point of points) {
      low = Math.min(low, point[k]);
      high = Math.max(high, point[k]);
    }
    return high - low;
  });
  return Math.max(...along);
}

const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
