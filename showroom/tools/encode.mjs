// Reorders and compresses meshes for EXT_meshopt_compression (vertex codec version 0).
//
// In: { meshes: [{ positions, normals, faces }], normalBits }, each naming an array:
// positions u16 x 4 (the fourth unused), normals f32 x 4, faces u32 x 3.
// Out: { meshes: [{ vertices, corners, indexSize, positions, normals, indices }] }.
import { MeshoptEncoder } from 'meshoptimizer/encoder';

await MeshoptEncoder.ready;

function moved(source, width, remap, count) {
  const target = new source.constructor(count * width);
  for (let i = 0; i < remap.length; i++) {
    const to = remap[i];
    if (to === 0xffffffff) continue;
    for (let k = 0; k < width; k++) target[to * width + k] = source[i * width + k];
  }
  return target;
}

const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export function encode(letter, arrays) {
  const out = [];
  const keep = (array) => out.push(array) - 1;
  const meshes = letter.meshes.map((mesh) => {
    const faces = arrays[mesh.faces];
    const [remap, count] = MeshoptEncoder.reorderMesh(faces, true, true);
    const positions = moved(arrays[mesh.positions], 4, remap, count);
    const normals = MeshoptEncoder.encodeFilterOct(
      moved(arrays[mesh.normals], 4, remap, count), count, 8, letter.normalBits);
    const indexSize = count <= 65535 ? 2 : 4;
    const indices = indexSize === 2 ? new Uint16Array(faces) : faces;
    return {
      vertices: count,
      corners: faces.length,
      indexSize,
      positions: keep(MeshoptEncoder.encodeGltfBuffer(bytes(positions), count, 8, 'ATTRIBUTES', 0)),
      normals: keep(MeshoptEncoder.encodeGltfBuffer(normals, count, 8, 'ATTRIBUTES', 0)),
      indices: keep(MeshoptEncoder.encodeGltfBuffer(bytes(indices), indices.length, indexSize, 'TRIANGLES')),
    };
  });

  return [{ meshes }, out];
}
