// Simplifies meshes.
//
// In: { meshes: [{ positions, faces, triangles, error }] }: arrays f32 x 3 and u32 x 3, the wanted
// number of triangles and the allowed error as a share of the mesh's largest extent.
// Out: { meshes: [{ faces, error }] }: the faces left, over the same vertices, and the error made.
import { MeshoptSimplifier } from 'meshoptimizer/simplifier';

await MeshoptSimplifier.ready;

export function simplify(letter, arrays) {
  const out = [];
  const meshes = letter.meshes.map((mesh) => {
    const [faces, error] = MeshoptSimplifier.simplify(
      arrays[mesh.faces], arrays[mesh.positions], 3, mesh.triangles * 3, mesh.error, []);
    out.push(faces);
    return { faces: out.length - 1, error };
  });
  return [{ meshes }, out];
}
