/** Deadlines of a complaint, from its history: elapsed hours, or "the same day" by branch calendar (D-K3). */

import { endOfSameDay, workingMinutes } from "./calendar.js";
import { rule } from "./rules.js";
import { addHours, MINUTE_MS, parseInstant } from "./timing.js";

/** @import { Calendar, Clock, ClockRow, ClockState, Doc, Schema, Workflow } from "./types.js" */
/** @typedef {{round: number, started_at: string, stopped_at: string|null}} Span */

/**
 * All clocks of a complaint, in table order and by round. A clock is late only after its due instant, and the
 * breach is dated there, whenever it was noticed. Minutes are whole; negative `left_minutes` means late.
 * @param {Schema} schema
 * @param {Doc} complaint
 * @param {Doc[]} steps
 * @param {Calendar} calendar
 * @param {Doc[]} rules
 * @param {string|null} branchCode
 * @param {string} now
 * @returns {Clock[]}
 */
export function complaintClocks(schema, complaint, steps, calendar, rules, branchCode, now) {
  const table = schema.workflows.complaint;
  const soon = rule(schema, rules, "deadline.soon_minutes", branchCode);
  const ordered = inOrder(steps);
  return table.clocks.flatMap((clock) =>
    spansOf(table, clock, complaint, ordered).map((span) => {
      const due_at = clock.hours
        ? addHours(span.started_at, rule(schema, rules, clock.hours, branchCode))
        : endOfSameDay(calendar, span.started_at);
      return read({ id: clock.id, label: clock.label, ...span, due_at }, calendar, soon, now);
    }),
  );
}

/**
 * Steps as the server took them: each leaves the state the one before led to. Times only choose between steps
 * that leave the same state, so a tablet with a wrong clock cannot turn the history round. Steps that hang on
 * nothing come last.
 * @param {Doc[]} steps
 * @returns {Doc[]}
 */
export function inOrder(steps) {
  const key = (/** @type {Doc} */ step) => `${step.happened_at}|${step.entered_at}|${step.id}`;
  const waiting = steps.toSorted((a, b) => a.round - b.round || (key(a) < key(b) ? -1 : 1));
  /** @type {Doc[]} */
  const ordered = [];
  while (waiting.length) {
    const state = ordered.at(-1)?.to_state ?? null;
    const at = waiting.findIndex((step) => (step.from_state ?? null) === state);
    ordered.push(...waiting.splice(Math.max(0, at), 1));
  }
  return ordered;
}

/**
 * One span per clock, or one per round when a step starts it.
 * @param {Workflow} table
 * @param {ClockRow} clock
 * @param {Doc} complaint
 * @param {Doc[]} steps in order
 * @returns {Span[]}
 */
function spansOf(table, clock, complaint, steps) {
  if (clock.start.field) {
    const stops = steps.filter((step) => clock.stop.includes(step.step));
    const stopped_at = stops.at(-1)?.happened_at ?? null;
    return [{ round: 1, started_at: complaint[clock.start.field], stopped_at }];
  }
  const running = leadingTo(table, [String(clock.start.step)]);
  const stopped = leadingTo(table, clock.stop);
  /** @type {Map<number, Span>} */
  const spans = new Map();
  for (const step of steps) walk(spans, clock, step, running, stopped);
  return [...spans.values()].sort((a, b) => a.round - b.round);
}

/**
 * One step of history: starts, stops, a return that reopens, a return that takes the start back.
 * @param {Map<number, Span>} spans
 * @param {ClockRow} clock
 * @param {Doc} step
 * @param {Set<string>} running states a start leads to
 * @param {Set<string>} stopped states a stop leads to
 */
function walk(spans, clock, step, running, stopped) {
  const { round, happened_at } = step;
  const span = spans.get(round);
  if (step.step === clock.start.step) spans.set(round, { round, started_at: happened_at, stopped_at: null });
  else if (!span) return;
  else if (clock.stop.includes(step.step)) span.stopped_at = happened_at;
  else if (running.has(step.to_state) && stopped.has(step.from_state)) span.stopped_at = null;
  else if (running.has(step.from_state)) spans.delete(round);
}

/**
 * @param {Workflow} table
 * @param {string[]} codes
 */
function leadingTo(table, codes) {
  return new Set(table.steps.filter((row) => codes.includes(row.code)).map((row) => row.to));
}

/**
 * @param {Span & {id: string, label: string, due_at: string}} head
 * @param {Calendar} calendar
 * @param {number} soonMinutes
 * @param {string} now
 * @returns {Clock}
 */
function read(head, calendar, soonMinutes, now) {
  const until = head.stopped_at ?? now;
  const [due, end] = [parseInstant(head.due_at), parseInstant(until)];
  const state = stateOf(due - end, head.stopped_at !== null, soonMinutes);
  return {
    ...head,
    breached_at: state === "late" || state === "missed" ? head.due_at : null,
    state,
    left_minutes: Math.floor((due - end) / MINUTE_MS),
    elapsed_minutes: Math.floor(Math.max(0, end - parseInstant(head.started_at)) / MINUTE_MS),
    working_minutes: workingMinutes(calendar, head.started_at, until),
  };
}

/**
 * @param {number} left milliseconds to the due instant
 * @param {boolean} stopped
 * @param {number} soonMinutes
 * @returns {ClockState}
 */
function stateOf(left, stopped, soonMinutes) {
  if (stopped) return left >= 0 ? "met" : "missed";
  if (left < 0) return "late";
  return left <= soonMinutes * MINUTE_MS ? "soon" : "running";
}
