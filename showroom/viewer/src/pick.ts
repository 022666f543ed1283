/** Which part is under the pointer, and drawing one part so that it stands out. */

import { Color, Mesh, MeshStandardMaterial, Raycaster, Vector2, type Camera, type Object3D } from "three";

/** A press that moves further than this is a turn of the piece, not a choice. In CSS pixels. */
export const STILL = 5;
const CHOSEN = new Color(0xb02028);

/** Where a pointer is, from -1 to 1 to the right and up, in an element of that size. */
export function deviceCoordinates(
  x: number, y: number, box: { left: number; top: number; width: number; height: number },
): [number, number] {
  return [((x - box.left) / box.width) * 2 - 1, 1 - ((y - box.top) / box.height) * 2];
}

/** The name that the file gives a part: its own, else that of the nearest node above it. */
export function nameOf(part: Object3D, root: Object3D): string {
  for (let at: Object3D | null = part; at && at !== root; at = at.parent) {
    const name = String(at.userData["name"] ?? at.name);
    if (name) return name;
  }
  return "";
}

/** The name of the nearest part at a place in device coordinates; empty beside the piece. */
export function partAt(root: Object3D, camera: Camera, place: [number, number]): string {
  const ray = new Raycaster();
  ray.setFromCamera(new Vector2(...place), camera);
  const hit = ray.intersectObject(root, true).find(({ object }) => (object as Mesh).isMesh);
  return hit ? nameOf(hit.object, root) : "";
}

/** Shows one part in the colour of a choice; its materials are put back when another is shown. */
export class Highlight {
  readonly #before = new Map<Mesh, Mesh["material"]>();

  show(root: Object3D, name: string): number {
    this.clear();
    root.traverse((part) => {
      const mesh = part as Mesh;
      if (!name || !mesh.isMesh || nameOf(mesh, root) !== name) return;
      this.#before.set(mesh, mesh.material);
      mesh.material = new MeshStandardMaterial({ color: CHOSEN, emissive: CHOSEN, emissiveIntensity: 0.35, roughness: 0.6 });
    });
    return this.#before.size;
  }

  clear(): void {
    for (const [mesh, material] of this.#before) {
      for (const shown of [mesh.material].flat()) shown.dispose();
      mesh.material = material;
    }
    this.#before.clear();
  }
}
