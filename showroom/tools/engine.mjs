// Answers requests on standard input until it ends: showroom/tool.py keeps one running, because
// starting Node and compiling the encoder costs as much as encoding a ring.
//
// A request is eight bytes of length, little-endian, and a parcel whose letter names the work in
// "script"; so is the answer, whose letter has "failed" when the work threw.
import { encode } from './encode.mjs';
import { pack, unpack } from './parcel.mjs';
import { simplify } from './simplify.mjs';
import { validate } from './validate.mjs';

const WORK = { encode, simplify, validate };

async function answer(bytes) {
  try {
    const [letter, arrays] = unpack(bytes);
    return pack(...await WORK[letter.script](letter, arrays));
  } catch (error) {
    return pack({ failed: String(error) }, []);
  }
}

function send(bytes) {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  process.stdout.write(length);
  process.stdout.write(bytes);
}

let length = new Uint8Array(8);
let target = length;
let filled = 0;
for await (const chunk of process.stdin) {
  let at = 0;
  while (at < chunk.length) {
    const taken = Math.min(chunk.length - at, target.length - filled);
    target.set(chunk.subarray(at, at + taken), filled);
    at += taken;
    filled += taken;
    if (filled < target.length) continue;
    filled = 0;
    if (target === length) {
      target = new Uint8Array(Number(new DataView(length.buffer).getBigUint64(0, true)));
    } else {
      send(await answer(target));
      target = length;
    }
  }
}
