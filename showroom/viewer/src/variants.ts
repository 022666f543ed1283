/** KHR_materials_variants: the piece in each alloy it is sold in. three reads past it; this does not. */

import type { Material, Mesh, Object3D } from "three";
import type { GLTF } from "three/addons/loaders/GLTFLoader.js";

const EXTENSION = "KHR_materials_variants";

interface Mapping {
  material: number;
  variants: number[];
}

export class Variants {
  readonly names: readonly string[];
  readonly #gltf: GLTF;
  readonly #original = new Map<Mesh, Material | Material[]>();

  constructor(gltf: GLTF) {
    const document = gltf.parser.json as {
      extensions?: Record<string, { variants?: { name: string }[] }>;
    };
    this.names = (document.extensions?.[EXTENSION]?.variants ?? []).map(({ name }) => name);
    this.#gltf = gltf;
  }

  /** Dresses the model in a variant. Returns false, and changes nothing, if the file has none so named. */
  async wear(name: string, model: Object3D): Promise<boolean> {
    const wanted = this.names.indexOf(name);
    if (wanted < 0) return false;
    const changes: Promise<void>[] = [];
    model.traverse((part) => {
      const mesh = part as Mesh;
      const mappings = mappingsOf(mesh);
      if (!mesh.isMesh || !mappings) return;
      changes.push(this.#dress(mesh, mappings.find((m) => m.variants.includes(wanted))));
    });
    await Promise.all(changes);
    return true;
  }

  async #dress(mesh: Mesh, mapping: Mapping | undefined): Promise<void> {
    if (!this.#original.has(mesh)) this.#original.set(mesh, mesh.material);
    if (!mapping) {
      mesh.material = this.#original.get(mesh) ?? mesh.material;
      return;
    }
    mesh.material = (await this.#gltf.parser.getDependency(
      "material",
      mapping.material,
    )) as Material;
    this.#gltf.parser.assignFinalMaterial(mesh);
  }
}

function mappingsOf(part: Object3D): Mapping[] | undefined {
  const extensions = part.userData["gltfExtensions"] as
    | Record<string, { mappings?: Mapping[] }>
    | undefined;
  return extensions?.[EXTENSION]?.mappings;
}
