/**
 * Stones that are not traced: smooth, translucent or hollow ones.
 *
 * glTF's transmission looks through a stone at what is drawn behind it. Behind ours is the page,
 * which WebGL cannot see: the stone would turn milk white. So it is lit from within instead.
 */

import { Color, MeshPhysicalMaterial, type Material, type Mesh, type Object3D } from "three";

/** How much of its own colour a translucent stone gives back from within. */
const GLOW = 0.16;

/** Changes the materials of such stones in place. Call it after the gems have been taken out. */
export function lightFromWithin(root: Object3D): void {
  const done = new Set<Material>();
  root.traverse((part) => {
    const { material } = part as Mesh;
    if (!(material instanceof MeshPhysicalMaterial) || done.has(material)) return;
    done.add(material);
    if (material.transmission === 0) return;
    const white = material.color.r + material.color.g + material.color.b > 2.7;
    const colour = white ? material.attenuationColor : material.color;
    material.color = colour.clone();
    material.emissive = new Color().copy(colour).multiplyScalar(GLOW * material.transmission);
    material.clearcoat = Math.max(material.clearcoat, 0.8);
    material.clearcoatRoughness = Math.min(material.clearcoatRoughness, 0.05);
    material.transmission = 0;
  });
}
