// Why it exists: a record of the group is added, or only its changed fields are set, so that two administrators do not
// overwrite each other (invariant 14).
import { save } from "./saving.js";

/** @typedef {import("./session.js").Doc} Doc */

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * @param {string} record `staff` or `branch` @param {Doc | null} before null: a new one @param {Doc} after with its id
 * @param {string} what for the message @returns {Promise<boolean>} false when nothing was changed
 */
export async function saveRecord(record, before, after, what) {
  if (!before) {
    await save(`${record}.add`, Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null && value !== undefined)), { what });
    return true;
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== "id" && !same(before[name], after[name]));
  if (!names.length) return false;
  const of = (/** @type {Doc} */ doc) => Object.fromEntries(names.map((name) => [name, doc[name] ?? null]));
  await save(`${record}.set`, { id: before.id, set: of(after) }, { what, base: of(before) });
  return true;
}

/** Problems with the path of the form: `set.name` → `name`. @param {any} error @returns {import("../parts/types.js").Problem[]} */
export function formProblems(error) {
  const named = (error?.problems ?? []).filter((/** @type {Doc} */ one) => one.field);
  if (!named.length) return [{ field: "", code: error?.code ?? "server.error", message: error?.message || "没能存下，请再试一次。" }];
  return named.map((/** @type {Doc} */ one) => ({ ...one, field: one.field.replace(/^set\./, "") }));
}
