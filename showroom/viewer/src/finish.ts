/** What the file's own materials need to look right on our table. Each is touched once. */

import {
  Color,
  MeshPhysicalMaterial,
  MeshStandardMaterial,
  type Mesh,
  type Object3D,
  type Texture,
} from "three";

/**
 * Light that reaches the eye from gold has met gold more than once: from the far side of the shank,
 * from the next prong. Each time it takes the metal's colour on. A rasteriser reflects once only,
 * and shows 18-karat gold as pale as champagne; this exponent represents the bounces it leaves out.
 * Chosen by eye beside path-traced pictures of the same pieces.
 */
const BOUNCES = 1.35;

/** The studio is lit for mirrors; pearls, jade and enamel scatter its light and need less of it. */
const SCATTERED = 0.72;

/** How much of its own colour a translucent stone reflects from within. */
const GLOW = 0.05;

const done = new WeakSet<object>();

/** Call it after the gems have been taken out, and again when parts have got new materials. */
export function finish(root: Object3D, studio: Texture): void {
  root.traverse((part) => {
    const { material } = part as Mesh;
    if (!(material instanceof MeshStandardMaterial) || done.has(material)) return;
    done.add(material);
    if (material.metalness >= 0.5) deepen(material.color);
    else {
      material.envMap = studio;
      material.envMapIntensity = SCATTERED;
      if (material instanceof MeshPhysicalMaterial) lightFromWithin(material);
    }
  });
}

/** More colour, no less light: the brightest channel stays, or platinum would turn to lead. */
function deepen(colour: Color): void {
  const brightest = Math.max(colour.r, colour.g, colour.b, 1e-6);
  const channel = (share: number): number => brightest * (share / brightest) ** BOUNCES;
  colour.setRGB(channel(colour.r), channel(colour.g), channel(colour.b));
}

/**
 * glTF's transmission looks through a stone at what is drawn behind it. Behind ours is the page,
 * which WebGL cannot see: jade would turn milk white. So it glows a little instead.
 */
function lightFromWithin(material: MeshPhysicalMaterial): void {
  if (material.transmission === 0) return;
  // The surface of our own files already has the colour that a thick piece reflects. Others have
  // what comes through it, in the surface or in the volume.
  if (material.userData["pavilion"] === undefined) {
    const white = material.color.r + material.color.g + material.color.b > 2.7;
    material.color = (white ? material.attenuationColor : material.color).clone();
    // Light that has been inside jade comes back greener than light that has not.
    deepen(material.color);
    material.color.multiplyScalar(0.7);
  }
  material.emissive = material.color.clone().multiplyScalar(GLOW);
  material.clearcoat = Math.max(material.clearcoat, 0.8);
  material.clearcoatRoughness = Math.min(material.clearcoatRoughness, 0.05);
  material.transmission = 0;
}
