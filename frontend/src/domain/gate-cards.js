/** The cards of the contact gate that need no workflow: refusals, hours, how often, who was last (D-G3, D-G6). */

import { CARD_TEXTS } from "./gate-texts.js";
import { itemOf, rule } from "./rules.js";
import { DAY_MS, localDate, localTime, minuteOfDay, parseInstant } from "./timing.js";

/** @import { Actor, Card, Doc, Schema } from "./types.js" */
/**
 * @typedef {{
 *   schema: Schema, customer: Doc|null, complaints: Doc[], attempts: Doc[], actor: Actor, rules: Doc[],
 *   branch_code: string|null, now: string, channel?: string,
 * }} GateInput the channel is the phone unless told
 */

/**
 * One card with its text filled in.
 * @param {string} code
 * @param {{[name: string]: string|number}} [values]
 * @returns {Card}
 */
export function card(code, values = {}) {
  const { level, text } = CARD_TEXTS[code];
  return { code, level, text: text.replace(/\{(\w+)\}/g, (_, name) => String(values[name])) };
}

/**
 * Order by an instant, then by id.
 * @param {Doc} a
 * @param {Doc} b
 * @param {string} field
 */
export function inTime(a, b, field) {
  return parseInstant(a[field]) - parseInstant(b[field]) || (a.id < b.id ? -1 : 1);
}

/**
 * Attempts in which somebody answered: the contacts a customer remembers.
 * @param {GateInput} given
 */
export function reached({ schema, attempts }) {
  return attempts.filter(({ outcome }) => itemOf(schema, "outcome", outcome).reached);
}

/**
 * D-G3: consent taken back, and channels the customer does not want.
 * @param {GateInput} given
 * @returns {Card[]}
 */
export function refusalCards({ schema, customer, channel = "phone" }) {
  const cards = customer?.consent === false ? [card("no_consent")] : [];
  for (const code of customer?.refused_channels ?? []) {
    const { label } = itemOf(schema, "channel", code);
    cards.push(card(code === channel ? "channel_refused" : "channel_avoid", { channel: label }));
  }
  return cards;
}

/**
 * @param {GateInput} given
 * @param {string} code
 */
function limit(given, code) {
  return rule(given.schema, given.rules, `contact.${code}`, given.branch_code);
}

/**
 * D-G6: morning and afternoon hours; the first minute is inside, the last one outside.
 * @param {GateInput} given
 * @returns {Card[]}
 */
export function hourCards(given) {
  const names = ["from_minute", "lunch_from_minute", "lunch_to_minute", "to_minute"];
  const [from, lunchFrom, lunchTo, to] = names.map((name) => limit(given, name));
  const time = localTime(given.now);
  const minute = minuteOfDay(time);
  if ((minute >= from && minute < lunchFrom) || (minute >= lunchTo && minute < to)) return [];
  const hours = `${clock(from)}–${clock(lunchFrom)}、${clock(lunchTo)}–${clock(to)}`;
  return [card("outside_hours", { time, hours })];
}

/** @param {number} minute */
function clock(minute) {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

/**
 * D-G6: conversations of all departments within the window; who handles the complaint is only warned.
 * @param {GateInput} given
 * @param {boolean} handles
 * @returns {Card[]}
 */
export function countCards(given, handles) {
  const [days, max] = [limit(given, "window_days"), limit(given, "max_calls")];
  const since = parseInstant(given.now) - days * DAY_MS;
  const count = reached(given).filter(({ started_at }) => parseInstant(started_at) > since).length;
  return count < max ? [] : [card(handles ? "many_calls_handler" : "too_many_calls", { days, count, max })];
}

/**
 * D-G6: who had the last contact, and how it ended.
 * @param {GateInput} given
 * @returns {Card[]}
 */
export function lastCards({ schema, attempts }) {
  const last = attempts.toSorted((a, b) => inTime(a, b, "started_at")).at(-1);
  if (!last) return [];
  const { label: outcome } = itemOf(schema, "outcome", last.outcome);
  const [date, time] = [localDate(last.started_at).slice(5), localTime(last.started_at)];
  return [card("last_contact", { date, time, name: last.staff_name, outcome })];
}
