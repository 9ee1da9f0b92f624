// Why it exists: 「今日」 is grouped by what to do next, not by type; the grouping is plain arithmetic on instants.
import { dayOf } from "../lib/format.js";
import { grouped } from "./group.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{key: string, title: string, rows: Doc[]}} Group */

/** @type {[string, string][]} */
const GROUPS = [
  ["late", "超时"],
  ["morning", "上午"],
  ["afternoon", "下午"],
  ["booked", "已约"],
  ["later", "以后"],
  ["done", "已完成"],
];

/** A time the customer was promised, unlike one that was set for the next try. @param {Doc} task */
const promised = (task) => Boolean(task.booked_at) && (!task.last_outcome || task.last_outcome === "busy");

/** The moment a task is about next: the promised time, else the deadline. @param {Doc} task @returns {string} instant */
export const moment = (task) => (promised(task) ? task.booked_at : task.due_at);

/**
 * The group of a task.
 * @param {Doc} row of `app.today()` @param {string} now instant @param {string} noon `HH:MM` at which the morning ends
 * @returns {string}
 */
export function groupOf({ task, customer }, now, noon) {
  if (task.state !== "open") return "done";
  if (task.booked_at && task.booked_at > now) return "booked";
  if (task.due_at <= now) return "late";
  const today = dayOf(now);
  if (task.booked_at) return promised(task) ? "late" : half(now, noon);
  if (task.from_on > today || dayOf(task.due_at) > today) return "later";
  const wishes = customer?.preferred_time ?? "";
  if (wishes.includes("下午") || wishes.includes("晚")) return "afternoon";
  return wishes.includes("上午") && half(now, noon) === "morning" ? "morning" : half(task.due_at, noon);
}

/** @param {string} instant @param {string} noon */
function half(instant, noon) {
  const local = new Date(Date.parse(instant) + 8 * 3_600_000).toISOString();
  return local.slice(11, 16) <= noon ? "morning" : "afternoon";
}

/** @param {Doc[]} rows @param {string} now @param {string} [noon] @returns {Group[]} every group, empty ones too */
export function groupTasks(rows, now, noon = "12:00") {
  const found = grouped(rows, (row) => groupOf(row, now, noon));
  return GROUPS.map(([key, title]) => ({ key, title, rows: (found.get(key) ?? []).sort(byMoment) }));
}

/** @param {Doc} a @param {Doc} b */
const byMoment = (a, b) => moment(a.task).localeCompare(moment(b.task)) || a.task.id.localeCompare(b.task.id);
