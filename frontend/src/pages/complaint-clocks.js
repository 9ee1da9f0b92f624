// Why it exists: board and page read the same clocks (24 h loop, 12 h return, same-day callback; D-K3) from the history.
import { makeCalendar } from "../domain/calendar.js";
import { complaintClocks } from "../domain/clocks.js";

/** @typedef {import("./session.js").Doc} Doc */
/** What clocks are read against; no calendar before the branch's hours have arrived. @typedef {ReturnType<typeof groundOf>} Ground */

/** What belongs to one moment, made once for all complaints on a page. @param {any} schema @param {Doc} shop @param {Doc[]} years @param {Doc[]} rules */
export function groundOf(schema, shop, years, rules) {
  return { schema, code: shop.code, calendar: shop.open ? makeCalendar(shop, years) : null, rules };
}

/**
 * Clocks of a complaint, the running ones first, most urgent on top; none before the branch's hours have arrived.
 * @param {Doc} complaint
 * @param {Doc[]} steps
 * @param {Ground} ground
 * @returns {any[]}
 */
export function clocksOf(complaint, steps, { schema, code, calendar, rules }) {
  if (!calendar) return [];
  const found = complaintClocks(schema, complaint, steps, calendar, /** @type {any} */ (rules), code, new Date().toISOString());
  const stopped = (/** @type {any} */ clock) => Number(Boolean(clock.stopped_at));
  return found.sort((a, b) => stopped(a) - stopped(b) || a.due_at.localeCompare(b.due_at));
}

/** The clock that presses most, null when none runs. @param {any[]} clocks */
export const pressing = (clocks) => clocks.find((clock) => !clock.stopped_at) ?? null;
