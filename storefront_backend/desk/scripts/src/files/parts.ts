/**
 * A large file in parts, each stated by its SHA-256 and sent where the store says. An upload that was
 * begun with the same piece, name and size goes on where it was, also after a reload or a lost line.
 */

import { ask, send } from "./api.ts";

interface Upload {
  id: string;
  product: string;
  name: string;
  bytes: number;
  partBytes: number;
  parts: number;
  state: string;
  received: { number: number; bytes: number; sha256: string }[];
  problem: { message: string; hint: string } | null;
}
interface Address {
  number: number;
  url: string;
  headers: Record<string, string>;
}

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = async (part: Blob): Promise<string> =>
  hex(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));

/** From which byte to which a part goes, counted from 1. */
export function span(number: number, partBytes: number, bytes: number): [number, number] {
  return [(number - 1) * partBytes, Math.min(number * partBytes, bytes)];
}

async function whole(file: Blob): Promise<string> {
  // The browser hashes whole buffers only; 500 MB fit, and the store checks the same digest.
  return digest(file);
}

/** Sends the file; the upload's id when the store has all of it. Throws Refused, or TypeError offline. */
export async function sendInParts(
  root: string, brand: string, product: string, file: File, signal: AbortSignal,
  progress: (share: number) => void,
): Promise<string> {
  const all = `${root}brands/${brand}/uploads/`;
  const open = await ask<Upload[]>("GET", all, undefined, signal);
  const begun = open.find((one) => one.state === "receiving" && one.product === product && one.name === file.name && one.bytes === file.size);
  const said = { product, name: file.name, bytes: file.size };
  const upload = await ask<Upload>(begun ? "GET" : "POST", begun ? `${root}uploads/${begun.id}/` : all, begun ? undefined : said, signal);
  const place = `${root}uploads/${upload.id}/`;
  signal.addEventListener("abort", () => void ask("DELETE", place).catch(() => undefined), { once: true });
  const have = new Map(upload.received.map((part) => [part.number, part]));
  const parts: { number: number; sha256: string }[] = [];
  let sent = 0;
  for (let number = 1; number <= upload.parts; number += 1) {
    const [from, to] = span(number, upload.partBytes, file.size);
    const part = file.slice(from, to);
    const sha256 = await digest(part);
    const known = have.get(number);
    if (!known || known.bytes !== part.size || (known.sha256 && known.sha256 !== sha256)) {
      const [address] = await ask<Address[]>("POST", `${place}parts/`, { parts: [{ number, sha256 }] }, signal);
      if (!address) throw new TypeError("no address");
      const before = sent;
      await send("PUT", address.url, part, address.headers, signal, (share) => progress((before + share * part.size) / file.size));
    }
    sent += part.size;
    parts.push({ number, sha256 });
    progress(sent / file.size);
  }
  await ask("POST", `${place}complete/`, { sha256: await whole(file), parts }, signal);
  return upload.id;
}
