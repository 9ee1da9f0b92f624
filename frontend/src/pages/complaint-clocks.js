// Why it exists: board and page read the same clocks (24 h loop, 12 h return, same-day callback; D-K3) from the history.
import { makeCalendar } from "../domain/calendar.js";
import { complaintClocks } from "../domain/clocks.js";

/** @typedef {import("./session.js").Doc} Doc */
/** What clocks are read against, all of one moment. @typedef {{schema: any, shop: Doc, years: Doc[], rules: Doc[]}} Ground */

/**
 * Clocks of a complaint, the running ones first, most urgent on top; none before the branch's hours have arrived.
 * @param {Doc} complaint
 * @param {Doc[]} steps
 * @param {Ground} ground
 * @returns {any[]}
 */
export function clocksOf(complaint, steps, { schema, shop, years, rules }) {
  if (!shop.open) return [];
  const calendar = makeCalendar(shop, years);
  const found = complaintClocks(schema, complaint, steps, calendar, /** @type {any} */ (rules), shop.code, new Date().toISOString());
  const stopped = (/** @type {any} */ clock) => Number(Boolean(clock.stopped_at));
  return found.sort((a, b) => stopped(a) - stopped(b) || a.due_at.localeCompare(b.due_at));
}

/** The clock that presses most, null when none runs. @param {any[]} clocks */
export const pressing = (clocks) => clocks.find((clock) => !clock.stopped_at) ?? null;
