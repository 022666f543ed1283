/** How far the camera stands so that the whole piece is in the picture, whatever its shape. */

/** A long lens, as jewellery is photographed: 22 degrees keeps a ring from bulging. */
export const FIELD_OF_VIEW = 22;
const AIR = 1.12;

/**
 * Distance from the middle of a piece, in its own unit.
 *
 * `radius` is that of the cylinder the piece sweeps as it turns, `height` the cylinder's; `aspect`
 * is width over height of the picture.
 */
export function distanceFor(radius: number, height: number, elevation: number, aspect: number): number {
  const half = Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
  const [sin, cos] = [Math.abs(Math.sin(elevation)), Math.cos(elevation)];
  const tall = (height / 2) * cos + radius * sin;
  // The near rim of the cylinder is closer than its middle and looks larger by that much.
  const nearer = radius * cos + (height / 2) * sin;
  return nearer + Math.max((tall * AIR) / half, (radius * AIR) / (half * aspect));
}
