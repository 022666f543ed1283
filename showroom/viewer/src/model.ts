/** Loads a piece and readies it: decoders from our own folder, stones handed to the gem shader. */

import {
  Box3,
  Color,
  Group,
  InstancedMesh,
  Material,
  Matrix4,
  Mesh,
  MeshStandardMaterial,
  Object3D,
  ShaderMaterial,
  Texture,
  Vector3,
  type BufferAttribute,
  type CubeTexture,
} from "three";
import { DRACOLoader } from "three/addons/loaders/DRACOLoader.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { ViewerError } from "./errors.ts";
import { joinFacets, readFacets } from "./facets.ts";
import { outlineOf, type Outline } from "./framing.ts";
import { buildGems, setQuality, type GemQuality } from "./gem.ts";
import { opticsOf, type Optics, type StoneMaterial } from "./stones.ts";
import { Variants } from "./variants.ts";

const MM = 1000;

export interface Model {
  /** In metres, Y up, standing on the floor, its middle over the origin. */
  root: Group;
  bounds: Box3;
  outline: Outline;
  variants: Variants;
  /** Stones drawn by the gem shader. */
  gems: Mesh[];
  dispose(): void;
}

/** Fetches and reads a GLB. Throws ViewerError. */
export async function loadModel(
  url: string,
  studio: CubeTexture,
  { traceGems, signal }: { traceGems: boolean; signal: AbortSignal },
): Promise<Model> {
  const bytes = await fetchBytes(url, signal);
  const draco = new DRACOLoader().setDecoderPath(new URL("./draco/", import.meta.url).href);
  const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).setDRACOLoader(draco);
  try {
    const gltf = await loader.parseAsync(bytes, new URL("./", new URL(url, document.baseURI)).href);
    const root = new Group().add(gltf.scene);
    const bounds = standOnFloor(root, gltf.scene);
    const outline = outlineOf(corners(root));
    const gems = traceGems ? replaceStones(root, studio) : [];
    sharpen(root);
    const variants = new Variants(gltf);
    return { root, bounds, outline, gems, variants, dispose: () => disposeAll(root) };
  } catch (cause) {
    throw new ViewerError("bad-model", `The model at ${url} cannot be read`, { cause });
  } finally {
    draco.dispose();
  }
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ViewerError("network", `The model at ${url} could not be fetched`, { cause });
  }
  if (!response.ok) {
    const code = response.status === 404 ? "not-found" : "network";
    throw new ViewerError(code, `The model at ${url} answered ${response.status}`);
  }
  return response.arrayBuffer();
}

function standOnFloor(root: Group, scene: Object3D): Box3 {
  root.updateMatrixWorld(true);
  const bounds = new Box3().setFromObject(root, true);
  if (bounds.isEmpty()) throw new Error("the file holds no visible part");
  const middle = bounds.getCenter(new Vector3());
  const shift = new Vector3(-middle.x, -bounds.min.y, -middle.z);
  scene.position.add(shift);
  root.updateMatrixWorld(true);
  return bounds.translate(shift);
}

function* corners(root: Object3D): Generator<[number, number, number]> {
  const meshes: Mesh[] = [];
  root.traverse((part) => (part as Mesh).isMesh && meshes.push(part as Mesh));
  for (const mesh of meshes) {
    const baked = bake(mesh, root, 1, false);
    for (let i = 0; i < baked.length; i += 3) {
      yield [baked[i] as number, baked[i + 1] as number, baked[i + 2] as number];
    }
  }
}

/** Polished metal needs more than the default share of anisotropy only where it has textures. */
function sharpen(root: Object3D): void {
  root.traverse((part) => {
    const material = (part as Mesh).material;
    if (material instanceof MeshStandardMaterial && material.map) material.map.anisotropy = 8;
  });
}

interface StonePart {
  mesh: Mesh;
  optics: Optics;
  material: Material;
}

/**
 * Takes the stones out of the scene and puts one gem mesh per stone material in. Instances and
 * quantised nodes are baked into millimetres, so that a pavé of hundreds is one draw call and the
 * shader has one uniform scale.
 */
function replaceStones(root: Group, studio: CubeTexture): Mesh[] {
  const byMaterial = new Map<Material, StonePart[]>();
  root.traverse((part) => {
    const mesh = part as Mesh;
    if (!mesh.isMesh || Array.isArray(mesh.material)) return;
    const optics = opticsOf(mesh.material as StoneMaterial, partName(mesh, root));
    if (!optics) return;
    const same = byMaterial.get(mesh.material) ?? [];
    same.push({ mesh, optics, material: mesh.material });
    byMaterial.set(mesh.material, same);
  });

  const gems: Mesh[] = [];
  for (const parts of byMaterial.values()) {
    // A part that is not all cut stones keeps its own material; its neighbours need not.
    const read = parts.map((part) => ({ ...part, facets: readFacets(bake(part.mesh, root), null) }));
    const cut = read.filter((part) => part.facets !== null);
    const optics = cut[0]?.optics;
    if (!optics) continue;
    const facets = joinFacets(cut.flatMap((part) => part.facets ?? []));
    const gem = buildGems(facets, optics, studio);
    gem.name = cut[0]?.mesh.name ?? "";
    gem.scale.setScalar(1 / MM);
    root.add(gem);
    gems.push(gem);
    for (const { mesh } of cut) {
      mesh.removeFromParent();
      mesh.geometry.dispose();
    }
  }
  setting(root, gems);
  return gems;
}

/** The mesh's points in the frame of the root, three numbers each: triangle by triangle, or once. */
function bake(mesh: Mesh, root: Object3D, unit = MM, triangles = true): Float32Array {
  const index = triangles ? mesh.geometry.index : null;
  const position = mesh.geometry.getAttribute("position") as BufferAttribute;
  const count = index ? index.count : position.count;
  const copies = mesh instanceof InstancedMesh ? mesh.count : 1;
  const toRoot = root.matrixWorld.clone().invert().multiply(mesh.matrixWorld);
  const baked = new Float32Array(count * copies * 3);
  const place = new Matrix4();
  const point = new Vector3();
  for (let copy = 0; copy < copies; copy++) {
    if (mesh instanceof InstancedMesh) mesh.getMatrixAt(copy, place);
    const matrix = toRoot.clone().multiply(place);
    for (let i = 0; i < count; i++) {
      point.fromBufferAttribute(position, index ? index.getX(i) : i);
      point.applyMatrix4(matrix).multiplyScalar(unit);
      point.toArray(baked, (copy * count + i) * 3);
    }
  }
  return baked;
}

/** The nearest name that speaks of a part: the mesh's own or that of a node above it. */
function partName(mesh: Object3D, root: Object3D): string {
  for (let at: Object3D | null = mesh; at && at !== root; at = at.parent) {
    // three makes names safe for its animation paths and drops colons; the file's own is kept here.
    const name = String(at.userData["name"] ?? at.name);
    if (name) return name.replace(/^stone(?=[a-z])/i, "stone:");
  }
  return "";
}

/** Tells the stones what colour of metal holds them. Call it again when the alloy changes. */
export function setting(root: Object3D, gems: readonly Mesh[]): void {
  const metal = new Color(0, 0, 0);
  let parts = 0;
  root.traverse((part) => {
    const { material } = part as Mesh;
    if (!(material instanceof MeshStandardMaterial) || material.metalness < 0.5) return;
    // A stone that plain viewers show as a mirror is no metal.
    if (material.userData["pavilion"]?.role === "stone") return;
    metal.add(material.color);
    parts += 1;
  });
  if (parts === 0) return;
  for (const gem of gems) {
    const tint = (gem.material as ShaderMaterial).uniforms["setting"];
    tint?.value.set(metal.r, metal.g, metal.b).multiplyScalar(0.8 / parts);
  }
}

export function setGemQuality(gems: readonly Mesh[], quality: GemQuality): void {
  for (const gem of gems) setQuality(gem.material as ShaderMaterial, quality);
}

function disposeAll(root: Object3D): void {
  root.traverse((part) => {
    const mesh = part as Mesh;
    if (!mesh.isMesh) return;
    mesh.geometry.dispose();
    for (const material of [mesh.material].flat()) {
      for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
      if (material instanceof ShaderMaterial) material.uniforms["planes"]?.value.dispose();
      material.dispose();
    }
  });
}
