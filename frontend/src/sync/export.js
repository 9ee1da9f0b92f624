// Why it exists: a tablet that cannot reach the network for long can give its unsent work away by hand. The file is, word
// for word, the request by which a revoked tablet hands in its work: sealed rows, opened by the server alone.

import { getMeta } from "../store/meta.js";
import { unanswered } from "../store/retire.js";

/**
 * Everything without an answer: `{name, content: {device, secret, rows: [{id, n, part, at, sealed}]}}`.
 * @param {import("../store/journal.js").Journal} journal @param {string} now
 */
export async function exportUnsent(journal, now) {
  const { id: device } = await journal.device(() => "");
  const secret = await getMeta(journal, "device_secret");
  const rows = await unanswered(journal);
  return { name: `chedang-${device.slice(-8)}-${now.slice(0, 10)}.json`, content: { device, secret, rows } };
}
