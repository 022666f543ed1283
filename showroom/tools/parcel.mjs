// Arrays with a JSON letter in one buffer: the twin of showroom/parcel.py, which describes the layout.
const TYPES = {
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i1: Int8Array, i2: Int16Array, i4: Int32Array,
  f4: Float32Array, f8: Float64Array,
};

export function unpack(bytes) {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== 'PVP1') throw new Error('not a parcel');
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const letter = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
  const base = bytes.byteOffset + 8 + size;
  const arrays = letter.arrays.map(({ dtype, shape, offset }) =>
    new TYPES[dtype](bytes.buffer, base + offset, shape.reduce((a, b) => a * b, 1)));
  return [letter, arrays];
}

export function pack(letter, arrays) {
  let offset = 0;
  const table = arrays.map((array) => {
    const dtype = Object.keys(TYPES).find((name) => array instanceof TYPES[name]);
    const entry = { dtype, shape: [array.length], offset };
    offset += Math.ceil(array.byteLength / 8) * 8;
    return entry;
  });
  let head = new TextEncoder().encode(JSON.stringify({ ...letter, arrays: table }));
  const padded = Math.ceil((head.length + 8) / 8) * 8 - 8;
  const out = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  out.set(new TextEncoder().encode('PVP1'));
  new DataView(out.buffer).setUint32(4, padded, true);
  out.set(head, 8);
  arrays.forEach((array, i) => {
    out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 8 + padded + table[i].offset);
  });
  return out;
}
