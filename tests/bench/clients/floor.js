// Why it exists: the floor: the same compressed bytes are fetched, stored as few large records, and everything in them is
// parsed into memory with a text per vehicle. Nothing can be much faster; a tablet could not live with its memory.

import { ask, now, QUERY, signIn } from "./common.js";

const PART = "B:SZ01";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("floor", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("packs");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All packs in one transaction. */
function store(db, packs) {
  return new Promise((resolve, reject) => {
    const tx = db.transaction("packs", "readwrite", { durability: "relaxed" });
    for (const [i, bytes] of packs.entries()) tx.objectStore("packs").put(bytes, i);
    tx.oncomplete = () => resolve(undefined);
    tx.onabort = () => reject(tx.error);
  });
}

/** The plain bytes of a chunk's pieces. */
async function opened(key, { pieces }, bytes) {
  const found = [];
  let at = 0;
  for (const length of pieces) {
    const sealed = bytes.subarray(at, at + length);
    const how = { name: "AES-GCM", iv: sealed.subarray(0, 12), additionalData: new TextEncoder().encode(PART) };
    const packed = await crypto.subtle.decrypt(how, key, sealed.subarray(12));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    found.push(new Uint8Array(await new Response(stream).arrayBuffer()));
    at += length;
  }
  return found;
}

/** From the answered login to all stored, parsed and searched. */
export async function first(who) {
  const session = await signIn(who);
  const begin = now();
  const raw = Uint8Array.from(atob(session.keys[PART].key), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const { chunks } = await (await ask(`/sync/snapshot/${PART}`, undefined, session.token)).json();
  const headers = { Authorization: `Bearer ${session.token}` };
  const packs = await Promise.all(
    chunks.map(async ({ url }) => new Uint8Array(await (await fetch(url, { headers })).arrayBuffer())),
  );
  const storing = store(await open(), packs);
  const [lines, records, segments] = [[], new Map(), new Map()];
  for (const [i, chunk] of chunks.entries()) {
    for (const [k, plain] of (await opened(key, chunk, packs[i])).entries()) {
      if (chunk.kind === "segment") segments.set(chunk.no + k, plain);
      else if (chunk.kind === "directory")
        lines.push(...new TextDecoder().decode(plain).split("\n").map((line) => JSON.parse(line)));
    }
  }
  for (const line of lines) {
    const plain = segments.get(line[6]).subarray(line[7], line[7] + line[8]);
    for (const row of JSON.parse(new TextDecoder().decode(plain))) records.set(row[2], row);
  }
  const texts = lines.map(([, plate, vin, , no, people]) => [plate, vin, no, people].join(" ").toLowerCase());
  if (!texts.some((text) => text.includes(QUERY.toLowerCase()))) throw new Error("nothing found");
  await storing;
  return { stored: now() - begin, rows: records.size };
}
