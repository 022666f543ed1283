// Judges GLB files with the Khronos validator, as written and with meshopt compression undone.
//
// In: { files: [name] } and as many arrays u8, their bytes. Out: { reports: [{ file, as, errors, warnings, messages }] }.
//
// The validator does not look inside EXT_meshopt_compression, so each such file is judged twice.
import { createRequire } from 'node:module';
import { MeshoptDecoder } from 'meshoptimizer/decoder';

const { validateBytes } = createRequire(import.meta.url)('gltf-validator');
const PACKED = 'EXT_meshopt_compression';
const IGNORED = ['UNSUPPORTED_EXTENSION', 'UNUSED_OBJECT'];

function chunks(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
  const at = 20 + length;
  const binary = at < bytes.length ? bytes.subarray(at + 8, at + 8 + view.getUint32(at, true)) : new Uint8Array(0);
  return [json, binary];
}

function unpacked(bytes) {
  const [json, binary] = chunks(bytes);
  if (!(json.extensionsUsed ?? []).includes(PACKED)) return null;
  const parts = [];
  let size = 0;
  for (const view of json.bufferViews) {
    const packed = view.extensions?.[PACKED];
    let data;
    if (packed) {
      data = new Uint8Array(packed.count * packed.byteStride);
      MeshoptDecoder.decodeGltfBuffer(
        data, packed.count, packed.byteStride,
        binary.subarray(packed.byteOffset ?? 0, (packed.byteOffset ?? 0) + packed.byteLength),
        packed.mode, packed.filter);
    } else {
      data = binary.subarray(view.byteOffset ?? 0, (view.byteOffset ?? 0) + view.byteLength);
    }
    delete view.extensions;
    view.buffer = 0;
    view.byteOffset = size;
    view.byteLength = data.length;
    parts.push([size, data]);
    size += Math.ceil(data.length / 4) * 4;
  }
  json.buffers = [{ byteLength: size }];
  for (const key of ['extensionsUsed', 'extensionsRequired']) {
    if (!json[key]) continue;
    json[key] = json[key].filter((name) => name !== PACKED);
    if (json[key].length === 0) delete json[key];
  }
  let head = new TextEncoder().encode(JSON.stringify(json));
  const padded = Math.ceil(head.length / 4) * 4;
  const out = new Uint8Array(12 + 8 + padded + 8 + size).fill(0x20, 20, 20 + padded);
  const view = new DataView(out.buffer);
  [0x46546c67, 2, out.length, padded, 0x4e4f534a].forEach((word, i) => view.setUint32(i * 4, word, true));
  out.set(head, 20);
  view.setUint32(20 + padded, size, true);
  view.setUint32(24 + padded, 0x004e4942, true);
  for (const [offset, data] of parts) out.set(data, 28 + padded + offset);
  return out;
}

async function judged(file, as, bytes) {
  const report = await validateBytes(bytes, { maxIssues: 0, ignoredIssues: IGNORED });
  return {
    file,
    as,
    errors: report.issues.numErrors,
    warnings: report.issues.numWarnings,
    messages: report.issues.messages
      .filter((message) => message.severity < 2)
      .slice(0, 50)
      .map(({ code, message, pointer, severity }) => ({ code, message, pointer, severity })),
  };
}

await MeshoptDecoder.ready;

export async function validate(letter, arrays) {
  const reports = [];
  for (const [index, file] of letter.files.entries()) {
    const bytes = arrays[index];
    reports.push(await judged(file, 'written', bytes));
    const plain = unpacked(bytes);
    if (plain) reports.push(await judged(file, 'decoded', plain));
  }
  return [{ reports }, []];
}
