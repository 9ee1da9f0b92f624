// Why it exists: what every paper form shares: its head, names for ids, choices to tick, signatures. Pure; twin of
// `exports/forms/common.py`.

/**
 * @typedef {object} Context only branch, staff and schema are needed
 * @property {any} branch the branch doc @property {Record<string, string>} staff names by id @property {any} schema
 * @property {any[]} [questionnaires] @property {Record<string, string>} [nodes] names of plan nodes by code
 * @property {string} [printed_at] @property {string} [printed_by] @property {any[]} [clocks]
 */

const SIGNATURE = /^([0-9]{1,4}) ([0-9]{1,4}) (M[0-9ML .-]{1,20000})$/;
const VEHICLE = ["plate", "vin", "model", "color", "archive_no", "delivered_on", "consultant", "insurance_until",
  "mileage_km", "cabinet", "drawer", "folder", "note"];

/** Some fields of a doc, null where absent. @param {any} doc @param {string[]} names @returns {any} */
export const pick = (doc, names) => Object.fromEntries(names.map((name) => [name, doc?.[name] ?? null]));

/**
 * The fields all sheets carry. A blank sheet has no record: its QR ends in `blank` (D-X15, D-X16).
 * @param {string} form @param {string | null | undefined} recordId @param {Context} ctx
 */
export function head(form, recordId, ctx) {
  const entry = itemsOf(ctx, "form").find((item) => item.code === form);
  const { branch } = ctx;
  return {
    form,
    title: entry.label,
    number: entry.number,
    revision: entry.revision,
    branch: branch.name,
    hotline: branch.hotline ?? null,
    qr: `CD1:${entry.number}:${entry.revision}:B:${branch.code}:${recordId || "blank"}`,
    is_blank: recordId == null,
    printed_at: ctx.printed_at ?? null,
    printed_by: ctx.printed_by ?? null,
  };
}

/** The items of one list of the schema. @param {Context} ctx @param {string} list @returns {any[]} */
export const itemsOf = (ctx, list) => ctx.schema.lists[list].items;

/** The label of a code; an unknown code stays as it is. @param {Context} ctx @param {string} list @param {string} [code] */
export const label = (ctx, list, code) => itemsOf(ctx, list).find((item) => item.code === code)?.label ?? code ?? null;

/** The name of a plan node, 「三日回访」 for `3DC`. @param {Context} ctx @param {string} [code] */
export const nodeName = (ctx, code) => (code != null && ctx.nodes?.[code]) || (code ?? null);

/** All items of a list as boxes to tick. @param {Context} ctx @param {string} list @param {string} [code] */
export const choices = (ctx, list, code) =>
  itemsOf(ctx, list).map((item) => ({ label: item.label, on: item.code === code }));

/** Two boxes for a boolean; none ticked when it is unknown. @param {boolean | null | undefined} value @param {string} yes @param {string} no */
export const yesNo = (value, yes, no) => [{ label: yes, on: value === true }, { label: no, on: value === false }];

/**
 * A signature string `"<w> <h> M x y L x y …"` as parts of an SVG; null when there is none or it is unsound. The
 * stroke is 3 % of the height, so that a signature scaled to its cell is drawn as by a ball-pen.
 * @param {string | null} [signature] @returns {{w: number, h: number, d: string, stroke: number} | null}
 */
export function ink(signature) {
  const found = SIGNATURE.exec(signature ?? "");
  if (!found || !Number(found[1]) || !Number(found[2])) return null;
  const h = Number(found[2]);
  return { w: Number(found[1]), h, d: found[3], stroke: Math.max(1, Math.floor((h * 3 + 50) / 100)) };
}

/** The vehicle fields the sheets show. @param {any} vehicle */
export const vehicleOf = (vehicle) => pick(vehicle, VEHICLE);

/** The customer fields the sheets show. @param {any} customer @param {Context} ctx */
export function customerOf(customer, ctx) {
  return {
    name: customer?.name ?? null,
    gender: label(ctx, "gender", customer?.gender),
    phones: customer?.phones ?? [],
    address: customer?.address ?? null,
    preferred_time: customer?.preferred_time ?? null,
    consent: customer?.consent ?? null,
  };
}

/** What the customer added to the answers: reasons, praise marked as such (D-S2). @param {any[]} [answers] @returns {string[]} */
export const remarks = (answers) => (answers ?? []).flatMap(said);

/** @param {any} answer @returns {string[]} */
export const said = ({ reason, praise }) => [...(reason ? [reason] : []), ...(praise ? [`表扬：${praise}`] : [])];

/** How many answers were 「是」 and 「否」; null when nothing was asked. @param {any[]} [answers] */
export function tally(answers) {
  if (!answers?.length) return { yes: null, no_count: null };
  const count = (/** @type {string} */ value) => answers.filter((answer) => answer.value === value).length;
  return { yes: count("yes"), no_count: count("no") };
}

/** Whether texts together pass a number of code points. @param {number} limit @param {...(string | null | undefined)} texts */
export const isLong = (limit, ...texts) => texts.reduce((sum, text) => sum + [...(text ?? "")].length, 0) > limit;

/**
 * Rows sorted by the named text fields, missing ones first, then by id. Only ASCII values may be sorted by.
 * @template T @param {T[]} rows @param {...string} keys @returns {T[]}
 */
export function inOrder(rows, ...keys) {
  const key = (/** @type {any} */ row) => [...keys, "id"].map((name) => row[name] || "");
  const compare = (/** @type {string[]} */ a, /** @type {string[]} */ b) => {
    const at = a.findIndex((value, index) => value !== b[index]);
    return at < 0 ? 0 : a[at] < b[at] ? -1 : 1;
  };
  return [...rows].sort((a, b) => compare(key(a), key(b)));
}
