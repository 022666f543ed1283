// Puts meshes on their grid, reorders and compresses them for EXT_meshopt_compression (vertex codec
// version 0).
//
// In: { meshes: [{ positions, normals, faces, low, step }], normalBits }: arrays f32 x 3, f32 x 3 and
// u32 x 3; a stored coordinate is (position - low) / step, rounded, below 65536.
// Out: { meshes: [{ vertices, corners, indexSize, positions, normals, indices }] }.
import { MeshoptEncoder } from 'meshoptimizer/encoder';

await MeshoptEncoder.ready;

const NOWHERE = 0xffffffff;
const EVEN = 2 ** 52 + 2 ** 51; // adding and taking it away rounds a double to whole numbers, halves to even

function gridded(source, remap, count, [x, y, z], step) {
  const target = new Uint16Array(count * 4);
  for (let i = 0; i < remap.length; i++) {
    if (remap[i] === NOWHERE) continue;
    const to = remap[i] * 4;
    target[to] = (source[i * 3] - x) / step + EVEN - EVEN;
    target[to + 1] = (source[i * 3 + 1] - y) / step + EVEN - EVEN;
    target[to + 2] = (source[i * 3 + 2] - z) / step + EVEN - EVEN;
  }
  return target;
}

function widened(source, remap, count) {
  const target = new Float32Array(count * 4);
  for (let i = 0; i < remap.length; i++) {
    if (remap[i] === NOWHERE) continue;
    const to = remap[i] * 4;
    target[to] = source[i * 3];
    target[to + 1] = source[i * 3 + 1];
    target[to + 2] = source[i * 3 + 2];
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
    const positions = gridded(arrays[mesh.positions], remap, count, mesh.low, mesh.step);
    const normals = MeshoptEncoder.encodeFilterOct(
      widened(arrays[mesh.normals], remap, count), count, 8, letter.normalBits);
    const indexSize = count <= 65535 ? 2 : 4;
    return {
      vertices: count,
      corners: faces.length,
      indexSize,
      positions: keep(MeshoptEncoder.encodeGltfBuffer(bytes(positions), count, 8, 'ATTRIBUTES', 0)),
      normals: keep(MeshoptEncoder.encodeGltfBuffer(normals, count, 8, 'ATTRIBUTES', 0)),
      // The encoder takes 32-bit indices either way; what it writes does not tell their width.
      indices: keep(MeshoptEncoder.encodeIndexBuffer(bytes(faces), faces.length, 4)),
    };
  });

  return [{ meshes }, out];
}
