// Why it exists: board and page read the same clocks (24 h loop, 12 h return, same-day callback; D-K3) from the history.
import { makeCalendar } from "../domain/calendar.js";
import { complaintClocks } from "../domain/clocks.js";
import { branch, refs, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{calendar: any, rules: Doc[]}} Ground */

/** What clocks are read against. @returns {Promise<Ground>} */
export async function clockGround() {
  const [years, rules] = await Promise.all([refs("holiday_year"), refs("rule")]);
  return { calendar: makeCalendar(/** @type {any} */ (branch()), years), rules };
}

/** @param {Doc} complaint @param {Doc[]} steps @param {Ground} ground @returns {any[]} clocks, the running ones first, most urgent on top */
export function clocksOf(complaint, steps, { calendar, rules }) {
  if (!branch().open) return [];
  const now = new Date().toISOString();
  const found = complaintClocks(session.schema, complaint, steps, calendar, rules, branch().code, now);
  const stopped = (/** @type {any} */ clock) => Number(Boolean(clock.stopped_at));
  return found.sort((a, b) => stopped(a) - stopped(b) || a.due_at.localeCompare(b.due_at));
}

/** The clock that presses most, null when none runs. @param {any[]} clocks */
export const pressing = (clocks) => clocks.find((clock) => !clock.stopped_at) ?? null;
