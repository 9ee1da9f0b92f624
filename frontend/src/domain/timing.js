/** Instants, dates and times of day as the strings they are stored as; local time is UTC+8, always. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const LOCAL_MS = 8 * HOUR_MS;
/** What people may write; reckoning goes on beyond, so that no clock or calendar ever overflows. */
const [FIRST_YEAR, LAST_YEAR] = [1900, 2199];

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
const INSTANT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T((?:[01][0-9]|2[0-3]):[0-5][0-9]):([0-5][0-9])\.([0-9]{3})Z$/;

/**
 * Days since 1970-01-01; NaN for what the calendar does not have.
 * @param {string} date
 */
function dayOf(date) {
  const parts = DATE.exec(date);
  if (!parts) return Number.NaN;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const at = new Date(0).setUTCFullYear(year, month - 1, day);
  const told = new Date(at);
  const real = year > 0 && told.getUTCMonth() === month - 1 && told.getUTCDate() === day;
  return real ? at / DAY_MS : Number.NaN;
}

/** @param {number} day */
function dateOf(day) {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * @param {string} date
 * @throws {RangeError} not a date (check it before)
 */
function knownDay(date) {
  const day = dayOf(date);
  if (Number.isNaN(day)) throw new RangeError(`not a date: ${date}`);
  return day;
}

/**
 * `YYYY-MM-DD` from 1900-01-01 to 2199-12-31 that exists in the calendar: 2024-02-30 does not.
 * @param {string} text
 */
export function isDate(text) {
  const year = Number(text.slice(0, 4));
  return year >= FIRST_YEAR && year <= LAST_YEAR && !Number.isNaN(dayOf(text));
}

/** `HH:MM`, 00:00 to 23:59. @param {string} text */
export const isTime = (text) => TIME.test(text);

/**
 * `YYYY-MM-DDTHH:MM:SS.mmmZ` on such a date (no leap seconds).
 * @param {string} text
 */
export function isInstant(text) {
  const parts = INSTANT.exec(text);
  return parts !== null && isDate(parts[1]);
}

/**
 * Milliseconds since 1970-01-01 UTC.
 * @param {string} text
 * @throws {RangeError} not an instant (check it before)
 */
export function parseInstant(text) {
  const parts = INSTANT.exec(text);
  const day = parts ? dayOf(parts[1]) : Number.NaN;
  if (!parts || Number.isNaN(day)) throw new RangeError(`not an instant: ${text}`);
  return day * DAY_MS + minuteOfDay(parts[2]) * MINUTE_MS + Number(parts[3]) * 1000 + Number(parts[4]);
}

/**
 * The stored form of milliseconds since 1970 (UTC).
 * @param {number} milliseconds
 */
export function formatInstant(milliseconds) {
  return new Date(milliseconds).toISOString();
}

/** The calendar date at UTC+8. @param {string} instant */
export function localDate(instant) {
  return dateOf(Math.floor((parseInstant(instant) + LOCAL_MS) / DAY_MS));
}

/** The wall clock `HH:MM` at UTC+8. @param {string} instant */
export function localTime(instant) {
  return formatInstant(parseInstant(instant) + LOCAL_MS).slice(11, 16);
}

/** Minutes since midnight of an `HH:MM`. @param {string} time */
export function minuteOfDay(time) {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/**
 * The instant at which wall clocks at UTC+8 show this date and time.
 * @param {string} date
 * @param {string} time `HH:MM`
 */
export function atLocal(date, time) {
  return formatInstant(knownDay(date) * DAY_MS + minuteOfDay(time) * MINUTE_MS - LOCAL_MS);
}

/**
 * The date `days` later (earlier when negative).
 * @param {string} date
 * @param {number} days
 */
export function addDays(date, days) {
  return dateOf(knownDay(date) + days);
}

/**
 * The instant `hours` later.
 * @param {string} instant
 * @param {number} hours
 */
export function addHours(instant, hours) {
  return formatInstant(parseInstant(instant) + hours * HOUR_MS);
}

/** 0 = Monday … 6 = Sunday. @param {string} date */
export function weekday(date) {
  return (((knownDay(date) + 3) % 7) + 7) % 7;
}
