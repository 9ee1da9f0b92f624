// Why it exists: which file a record lies in, and how a vehicle's file is folded from its segment and later rows (D-F1).

/** @typedef {import("./cache.js").Row} Row @typedef {import("./part.js").Part} Part */

/** @param {any} schema @param {Row} row @returns {string} the file a row lies in, "" when in none */
export function fileOf(schema, [, kind, , , doc, gone]) {
  const field = schema.records[kind]?.file;
  return (doc ? field && doc[field] : gone) ?? "";
}

/**
 * A vehicle's whole file: its segment's rows with changed ones over them; a customer is a file of its own. `partial` while
 * its segment is not downloaded yet: open work and changes only.
 * @param {Part} part @param {string} vehicleId
 * @returns {Promise<{docs: Map<string, Map<string, any>>, partial: boolean}>} kind → id → doc
 */
export async function foldFile(part, vehicleId) {
  const stored = await part.segmentRows(vehicleId);
  const open = stored ? [] : [...part.live.values()].flatMap((byId) => [...byId.values()]);
  const base = (stored ?? open).filter((row) => !hasLeft(part, row, vehicleId) && (stored || fileOf(part.schema, row) === vehicleId));
  /** @type {Map<string, Map<string, any>>} */
  const docs = new Map();
  for (const row of [...base, ...(part.changed.get(vehicleId)?.values() ?? [])]) put(docs, row);
  for (const party of docs.get("party")?.values() ?? []) {
    const row = part.live.get("customer")?.get(party.customer_id);
    if (row) put(docs, row);
  }
  return { docs, partial: stored === null };
}

/** Does a later change put this row into another file? @param {Part} part @param {Row} row @param {string} vehicleId */
function hasLeft(part, [seq, kind, id], vehicleId) {
  const now = part.live.get(kind)?.get(id);
  return Boolean(now && now[0] > seq && now[4] && kind !== "customer" && fileOf(part.schema, now) !== vehicleId);
}

/** @param {Map<string, Map<string, any>>} docs @param {Row} row */
function put(docs, [, kind, id, , doc]) {
  const byId = docs.get(kind) ?? new Map();
  if (doc) byId.set(id, doc);
  else byId.delete(id);
  docs.set(kind, byId);
}
