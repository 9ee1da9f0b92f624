// Why it exists: the Liquid filters of the paper forms; twin of `exports/filters.py`, judged by the same vectors. Null
// gives "", and what a filter does not understand comes back unchanged, so that a sheet always prints.

import { qrPath } from "../lib/qr.js";

const OFFSET_MS = 8 * 3_600_000;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
const PLATE = /^([\u4e00-\u9fff][A-Z])([A-Z0-9\u4e00-\u9fff]{4,7})$/;
const PHONES = [
  /^(\+86)?(1[0-9]{2})([0-9]{4})([0-9]{4})$/,
  /^(\+86)?(400|800)([0-9]{3})([0-9]{4})$/,
  /^(\+86)?(010|02[0-9])([0-9]{4})([0-9]{3,4})$/,
  /^(\+86)?(0[3-9][0-9]{2})([0-9]{3,4})([0-9]{4})$/,
];

/** @param {unknown} value */
const text = (value) => (value == null ? "" : String(value));

/** Local (UTC+8) `YYYY-MM-DDTHH:MM…`, or null when the value is no instant. @param {unknown} value */
function shifted(value) {
  if (typeof value !== "string" || !INSTANT.test(value)) return null;
  const ms = Date.parse(value);
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== value) return null;
  return new Date(ms + OFFSET_MS).toISOString();
}

/** A date, or the local day of an instant, as 「2026年11月22日」. @param {unknown} value */
export function dateCn(value) {
  const day = shifted(value)?.slice(0, 10) ?? text(value);
  const found = DATE.exec(day);
  return found ? `${found[1]}年${Number(found[2])}月${Number(found[3])}日` : day;
}

/** An instant as local time to the minute: `2026-11-22 13:45`. @param {unknown} value */
export const instantCn = (value) => shifted(value)?.slice(0, 16).replace("T", " ") ?? text(value);

/** A phone number in the groups people read aloud: `138 0013 8000`. @param {unknown} value */
export function phoneGroups(value) {
  const found = PHONES.map((pattern) => pattern.exec(text(value))).find(Boolean);
  return found ? found.slice(1).filter(Boolean).join(" ") : text(value);
}

/** Thousands in groups. @param {number} value a whole number ≥ 0 */
const grouped = (value) => String(value).replace(/\B(?=([0-9]{3})+$)/g, ",");

/** Fen as yuan: 123456 → `¥1,234.56`. @param {unknown} value */
export function moneyCny(value) {
  if (!Number.isInteger(value)) return text(value);
  const fen = Math.abs(Number(value));
  return `${Number(value) < 0 ? "-" : ""}¥${grouped(Math.floor(fen / 100))}.${String(fen % 100).padStart(2, "0")}`;
}

/** A plate with the dot it carries on the car: `粤A·12345`. @param {unknown} value */
export function plateDot(value) {
  const found = PLATE.exec(text(value));
  return found ? `${found[1]}·${found[2]}` : text(value);
}

/** A mileage: 12345 → `12,345 公里`. @param {unknown} value */
export const kilometres = (value) =>
  Number.isInteger(value) ? `${Number(value) < 0 ? "-" : ""}${grouped(Math.abs(Number(value)))} 公里` : text(value);

/** Minutes as people say them: 125 → `2 小时 5 分`. @param {unknown} value */
export function minutesCn(value) {
  if (!Number.isInteger(value) || Number(value) < 0) return text(value);
  const [hours, minutes] = [Math.floor(Number(value) / 60), Number(value) % 60];
  return hours ? `${hours} 小时 ${minutes} 分` : `${minutes} 分`;
}

/**
 * All filters by name; the schema's lists give the labels.
 * @param {any} schema @returns {Record<string, (value: any, list: any) => string>}
 */
export const makeFilters = (schema) => ({
  date_cn: dateCn,
  instant_cn: instantCn,
  phone_groups: phoneGroups,
  money_cny: moneyCny,
  plate_dot: plateDot,
  kilometres,
  minutes_cn: minutesCn,
  qr_path: qrPath,
  label: (value, list) =>
    schema.lists[list]?.items.find((/** @type {any} */ item) => item.code === value)?.label ?? text(value),
});
