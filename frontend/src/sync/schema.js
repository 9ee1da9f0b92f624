// Why it exists: the app's declaration of everything comes with its version, and must be there without network, too.

import { getMeta, putMeta } from "../store/meta.js";

/** The schema of this version of the app; the copy serves when neither network nor service worker answers.
 * @param {import("./wire.js").Wire} wire @param {import("../store/journal.js").Journal} journal @returns {Promise<any>} */
export async function loadSchema(wire, journal) {
  try {
    const schema = await wire.schema();
    await putMeta(journal, "schema", schema);
    return schema;
  } catch (error) {
    const kept = await getMeta(journal, "schema");
    if (kept) return kept;
    throw error;
  }
}
