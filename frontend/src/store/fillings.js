// Why it exists: where two people filled in one field, both values stand side by side until somebody chooses (invariant 14).

import { same } from "../domain/canonical.js";

/**
 * @typedef {object} Filling one field with two values
 * @property {any} conflict its document @property {any} now the value that stands @property {any} other the one set aside
 * @property {string} whose the record in a word: a name or a plate
 */

/**
 * Open conflicts of records, the latest first; where the other value stands already there is nothing to choose.
 * @param {import("./view.js").View} view @param {string[]} ids of records @returns {Promise<Filling[]>}
 */
export async function fillings(view, ids) {
  const wanted = new Set(ids);
  const open = view.docs("conflict").filter((doc) => doc.state === "open" && wanted.has(doc.record_id));
  const found = await Promise.all(open.map((doc) => filling(view, doc)));
  return found
    .flatMap((one) => (one && !same(one.now, one.other) ? one : []))
    .sort((a, b) => b.conflict.at.localeCompare(a.conflict.at));
}

/** @param {import("./view.js").View} view @param {any} conflict @returns {Promise<Filling | null>} */
async function filling(view, conflict) {
  const { kind, record_id: id, field } = conflict;
  const record = view.overlay.get(kind, id) ?? (await view.part.find(kind, id, []));
  if (!record) return null;
  const other = conflict.other === undefined ? null : JSON.parse(conflict.other);
  const whose = record.name ?? record.plate ?? record.vin ?? "";
  return { conflict, now: record[field] ?? null, other, whose };
}
