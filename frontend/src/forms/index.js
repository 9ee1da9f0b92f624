// Why it exists: records → payload of each paper form, the twin of `exports/forms`, so that a sheet printed from a
// tablet without network says exactly what the server's PDF says. Knows no DOM: it runs in the worker.

import { callbackLog } from "./callback-log.js";
import { callbackRecord } from "./callback-record.js";
import { complaint } from "./complaint.js";
import { vehicleFile } from "./vehicle-file.js";

/** @type {Record<string, (records: any, ctx: import("./common.js").Context) => any>} */
const FORMS = {
  complaint,
  callback_log: callbackLog,
  callback_record: callbackRecord,
  vehicle_file: vehicleFile,
};

/**
 * The payload of a form for its template (D-X1, D-X4, D-X5, D-X9); `records` empty or null gives the blank sheet
 * to fill by hand (D-X15).
 * @param {string} form @param {any} records @param {import("./common.js").Context} ctx
 * @returns {any} plain JSON
 * @throws {Error} no such form
 */
export function build(form, records, ctx) {
  if (!Object.hasOwn(FORMS, form)) throw new Error(`no such form: ${form}`);
  return FORMS[form](records ?? {}, ctx);
}
