/** A branch's days and hours: weekly days off, public holidays, make-up days 「调休」, lunch (D-K3). */

import { addDays, atLocal, DAY_MS, localDate, MINUTE_MS, parseInstant, weekday } from "./timing.js";

/** @import { Calendar, Doc } from "./types.js" */

const LOOK_AHEAD_DAYS = 400;
const LONGEST_SPAN_DAYS = 400;

/**
 * Opening hours and days of a branch. Holidays and make-up days bind only a branch that keeps them.
 * @param {Doc} branch
 * @param {Doc[]} holidayYears
 * @returns {Calendar}
 */
export function makeCalendar(branch, holidayYears) {
  const years = branch.holidays_closed ? holidayYears : [];
  return {
    open: branch.open,
    close: branch.close,
    lunch_from: branch.lunch_from,
    lunch_to: branch.lunch_to,
    days_off: new Set(branch.days_off ?? []),
    off: new Set(years.flatMap((year) => year.off ?? [])),
    work: new Set(years.flatMap((year) => year.work ?? [])),
  };
}

/**
 * Open on that date? A make-up day is open even on a weekly day off; a public holiday is closed.
 * @param {Calendar} calendar
 * @param {string} date
 */
export function isOpen(calendar, date) {
  if (calendar.work.has(date)) return true;
  return !calendar.off.has(date) && !calendar.days_off.has(weekday(date));
}

/**
 * The instant of opening on that date, whether open or not.
 * @param {Calendar} calendar
 * @param {string} date
 */
export function opening(calendar, date) {
  return atLocal(date, calendar.open);
}

/**
 * The instant of closing on that date, whether open or not.
 * @param {Calendar} calendar
 * @param {string} date
 */
export function closing(calendar, date) {
  return atLocal(date, calendar.close);
}

/**
 * The first open day after a date; the very next day when the branch never opens.
 * @param {Calendar} calendar
 * @param {string} date
 */
export function nextOpenDay(calendar, date) {
  for (let days = 1; days < LOOK_AHEAD_DAYS; days += 1) {
    if (isOpen(calendar, addDays(date, days))) return addDays(date, days);
  }
  return addDays(date, 1);
}

/**
 * Closing time of that day; after closing, or on a closed day, closing of the next open day.
 * @param {Calendar} calendar
 * @param {string} instant
 */
export function endOfSameDay(calendar, instant) {
  const date = localDate(instant);
  const inTime = parseInstant(instant) <= parseInstant(closing(calendar, date));
  return closing(calendar, inTime && isOpen(calendar, date) ? date : nextOpenDay(calendar, date));
}

/**
 * Whole minutes of opening hours without lunch between two instants; 0 when they are reversed.
 * Of a span longer than 400 days only the first 400 (of 24 hours each) count, so that no mistyped year keeps a
 * clock busy.
 * @param {Calendar} calendar
 * @param {string} fromInstant
 * @param {string} toInstant
 */
export function workingMinutes(calendar, fromInstant, toInstant) {
  const start = parseInstant(fromInstant);
  const end = Math.min(parseInstant(toInstant), start + LONGEST_SPAN_DAYS * DAY_MS);
  if (end <= start) return 0;
  let total = 0;
  let date = localDate(fromInstant);
  for (let days = Math.floor((end - start) / DAY_MS) + 2; days > 0; days -= 1, date = addDays(date, 1)) {
    if (isOpen(calendar, date)) total += sharedOn(calendar, date, start, end);
  }
  return Math.floor(total / MINUTE_MS);
}

/**
 * Milliseconds of a day's opening hours that lie between start and end.
 * @param {Calendar} calendar
 * @param {string} date
 * @param {number} start
 * @param {number} end
 */
function sharedOn(calendar, date, start, end) {
  const times = [calendar.open, calendar.lunch_from, calendar.lunch_to, calendar.close];
  const edges = times.map((time) => parseInstant(atLocal(date, time)));
  const shared = (/** @type {number} */ low, /** @type {number} */ high) =>
    Math.max(0, Math.min(end, high) - Math.max(start, low));
  return shared(edges[0], edges[1]) + shared(edges[2], edges[3]);
}
