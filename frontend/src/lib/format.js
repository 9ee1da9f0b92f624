// Why it exists: every date, number, plate and phone is worded the same everywhere. Local time is UTC+8 always,
// whatever the tablet's own zone says. Instants are `YYYY-MM-DDTHH:MM:SS.mmmZ` strings or epoch milliseconds.

const OFFSET_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;
const SOON_MINUTES = 240;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** @typedef {string | number} Instant instant string or epoch ms */
/** @typedef {"late" | "soon" | "done" | "info" | ""} Level the four meanings, or none */

/** @param {number} n @param {number} [width] */
const pad = (n, width = 2) => String(n).padStart(width, "0");

/** @param {Instant} instant @returns {number} epoch ms, NaN when it is no instant */
export const toMs = (instant) => (typeof instant === "number" ? instant : Date.parse(instant));

/** @param {Instant} instant shifted so that the UTC getters read local time */
const local = (instant) => new Date(toMs(instant) + OFFSET_MS);

/** @param {string | number} value @returns {string} `YYYY-MM-DD`, local; a date passes through, "" when neither */
export function dayOf(value) {
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const at = local(value);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 10);
}

/** @param {string} day @param {Instant} now @returns {number} whole local days from now's day to `day` */
const daysFrom = (day, now) => Math.round((Date.parse(day) - Date.parse(dayOf(now))) / 86_400_000);

/** 11月21日; 2025年11月21日 when not of this year. @param {string | number} value @param {Instant} [now] */
export function dateText(value, now = Date.now()) {
  const day = dayOf(value);
  if (!day) return "";
  const [year, month, date] = day.split("-").map(Number);
  const short = `${month}月${date}日`;
  return day.slice(0, 4) === dayOf(now).slice(0, 4) ? short : `${year}年${short}`;
}

/** 11-21; 2025-11-21 when not of this year. @param {string | number} value @param {Instant} [now] */
export function dateShort(value, now = Date.now()) {
  const day = dayOf(value);
  return day.slice(0, 4) === dayOf(now).slice(0, 4) ? day.slice(5) : day;
}

/** 周六. @param {string | number} value date or instant */
export const weekdayText = (value) => WEEKDAYS[new Date(dayOf(value)).getUTCDay()] ?? "";

/** 11月21日 周六. @param {Instant} [now] */
export const todayText = (now = Date.now()) => `${dateText(now, now)} ${weekdayText(now)}`;

/** 10:24. @param {Instant} instant */
export function timeText(instant) {
  const at = local(instant);
  return Number.isNaN(at.getTime()) ? "" : `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
}

/** 今天 / 昨天 / 明天, else 11-19. @param {string | number} value @param {Instant} [now] */
export function dayText(value, now = Date.now()) {
  const names = new Map([[0, "今天"], [-1, "昨天"], [1, "明天"]]);
  return names.get(daysFrom(dayOf(value), now)) ?? dateShort(value, now);
}

/** 今天 10:24. @param {Instant | null | undefined} instant @param {Instant} [now] */
export function instantText(instant, now = Date.now()) {
  return instant ? `${dayText(instant, now)} ${timeText(instant)}` : "";
}

/** 3 小时 20 分; from one day on 2 天 3 小时. @param {number} minutes elapsed minutes, sign ignored */
export function durationText(minutes) {
  const total = Math.floor(Math.abs(minutes));
  const [days, hours, rest] = [Math.floor(total / 1440), Math.floor((total % 1440) / 60), total % 60];
  if (days) return hours ? `${days} 天 ${hours} 小时` : `${days} 天`;
  if (hours) return rest ? `${hours} 小时 ${rest} 分` : `${hours} 小时`;
  return rest ? `${rest} 分` : "不到 1 分";
}

/** 03:12, from one hour on 1:03:12. @param {number} ms */
export function clockText(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const tail = `${pad(Math.floor((s % 3600) / 60))}:${pad(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${tail}` : tail;
}

/**
 * Words of a deadline and their meaning: 「剩 3 小时 20 分」「今天 12:00 前」「超时 1 小时」 (D-K3).
 * @param {{due: Instant, now?: Instant, state?: string, stopped?: Instant | null}} clock
 * @returns {{text: string, level: Level}}
 */
export function deadlineWords({ due, now = Date.now(), state = "", stopped = null }) {
  if (state === "met") return { text: "按时完成", level: "done" };
  const left = Math.floor((toMs(due) - toMs(stopped ?? now)) / MINUTE_MS);
  if (state === "missed") return { text: `超时 ${durationText(left)}完成`, level: "late" };
  if (state === "late" || left < 0) return { text: `超时 ${durationText(left)}`, level: "late" };
  const near = left <= SOON_MINUTES;
  const level = state === "soon" || (!state && near) ? "soon" : "";
  if (left < 1) return { text: "剩不到 1 分", level };
  return { text: near ? `剩 ${durationText(left)}` : `${dayText(due, now)} ${timeText(due)} 前`, level };
}

/** datetime-local's value for an instant. @param {Instant} instant */
export const instantInput = (instant) => `${dayOf(instant)}T${timeText(instant)}`;

/** The instant of a datetime-local value, null when incomplete. @param {string} text */
export function inputInstant(text) {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return null;
  const ms = Date.parse(`${text.slice(0, 16)}:00.000Z`) - OFFSET_MS;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

export * from "./words.js";
