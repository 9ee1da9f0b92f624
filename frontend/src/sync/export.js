// Why it exists: a tablet that cannot reach the network for long can give its unsent work away by hand. The file is, word
// for word, the request by which a revoked tablet hands in its work: sealed rows, opened by the server alone.

import { getMeta } from "../store/meta.js";

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/**
 * Everything without an answer: `{name, content: {device, secret, rows: [{id, n, part, at, sealed}]}}`.
 * @param {import("../store/journal.js").Journal} journal @param {string} now
 */
export async function exportUnsent(journal, now) {
  const { id: device } = await journal.device(() => "");
  const secret = await getMeta(journal, "device_secret");
  const waiting = await journal.db.run(["ops"], "readonly", (tx) =>
    tx.objectStore("ops").index("state").getAll("waiting"),
  );
  const rows = waiting
    .sort((a, b) => a.n - b.n)
    .map(({ id, n, part, at, sealed }) => ({ id, n, part, at, sealed: base64(sealed) }));
  return { name: `chedang-${device.slice(-8)}-${now.slice(0, 10)}.json`, content: { device, secret, rows } };
}
