// Simplifies meshes to several numbers of triangles, each from the one before.
//
// In: { meshes: [{ positions, faces, orders: [{ triangles, error }] }] }: arrays f32 x 3 and u32 x 3,
// and for each result, the finest first, the wanted number of triangles and the error allowed in all
// as a share of the mesh's largest extent.
// Out: { meshes: [{ faces: [array] }] }: the faces left for each order, over the same vertices.
import { MeshoptSimplifier } from 'meshoptimizer/simplifier';

await MeshoptSimplifier.ready;

function simplified(positions, finest, orders) {
  let faces = finest;
  let made = 0;
  return orders.map(({ triangles, error }) => {
    if (triangles * 3 < faces.length && made < error) {
      const [fewer, more] = MeshoptSimplifier.simplify(faces, positions, 3, triangles * 3, error - made, []);
      faces = fewer;
      made += more;
    }
    return faces;
  });
}

export function simplify(letter, arrays) {
  const out = [];
  const meshes = letter.meshes.map(({ positions, faces, orders }) => ({
    faces: simplified(arrays[positions], arrays[faces], orders).map((left) => out.push(left) - 1),
  }));
  return [{ meshes }, out];
}
