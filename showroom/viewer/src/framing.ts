/** How far the camera stands so that the whole piece is in the picture, whatever its shape. */

/** A long lens, as jewellery is photographed: 22 degrees keeps a ring from bulging. */
export const FIELD_OF_VIEW = 22;
const AIR = 1.1;
const SLICES = 24;
const AROUND = 24;

/** The outline a piece sweeps as it turns: how far it reaches from its axis, by height. */
export type Outline = readonly { reach: number; height: number }[];

/** Reads the outline off points, three numbers each, around the Y axis. */
export function outlineOf(points: Iterable<readonly [number, number, number]>): Outline {
  const all = [...points];
  let [low, high] = [Infinity, -Infinity];
  for (const [, y] of all) [low, high] = [Math.min(low, y), Math.max(high, y)];
  const step = (high - low) / SLICES || 1;
  const reach = new Float64Array(SLICES + 1);
  for (const [x, y, z] of all) {
    const slice = Math.min(SLICES - 1, Math.floor((y - low) / step));
    const r = Math.hypot(x, z);
    // A slice speaks for both its edges.
    reach[slice] = Math.max(reach[slice] as number, r);
    reach[slice + 1] = Math.max(reach[slice + 1] as number, r);
  }
  return Array.from(reach, (r, i) => ({ reach: r, height: low + i * step }));
}

/**
 * The least distance from `middle` on the axis at which the whole turning outline is seen, from
 * `elevation` radians above, in a picture `aspect` times as wide as high. Same unit as the outline.
 */
export function distanceFor(
  outline: Outline,
  middle: number,
  elevation: number,
  aspect: number,
): number {
  const half = Math.tan((FIELD_OF_VIEW * Math.PI) / 360) / AIR;
  const [sin, cos] = [Math.sin(elevation), Math.cos(elevation)];
  let distance = 0;
  for (const { reach, height } of outline) {
    for (let i = 0; i < AROUND; i++) {
      const turn = (2 * Math.PI * i) / AROUND;
      const [x, y, z] = [reach * Math.sin(turn), height - middle, reach * Math.cos(turn)];
      const up = y * cos - z * sin;
      const near = y * sin + z * cos;
      distance = Math.max(distance, near + Math.abs(up) / half, near + Math.abs(x) / (half * aspect));
    }
  }
  return distance;
}
