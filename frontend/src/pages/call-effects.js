// Why it exists: before a call is saved one sees what will follow from it (D-S6, D-S7); the rules are the list's own columns.
import { html } from "../../vendor/lit.js";
import { instantText } from "../lib/format.js";
import { label, nodeName, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{icon: string, level: string, text: string}} Effect */

/** @param {string} code @returns {Doc} the outcome's row */
export const outcomeRow = (code) =>
  session.schema.lists.outcome.items.find((/** @type {Doc} */ item) => item.code === code) ?? {};

/** What becomes of the task. @param {Doc} row outcome @param {Doc} task @param {string} bookedAt @param {number} now epoch ms @returns {Effect} */
function taskEffect(row, task, bookedAt, now) {
  const tries = (task.tries ?? 0) + 1;
  if (row.ends) return { icon: "circle-check", level: "done", text: `任务「${nodeName(task.node)}」结束，结果记为「${row.label}」` };
  if (row.max_tries && tries >= row.max_tries) {
    return { icon: "phone-off", level: "soon", text: `已经拨了 ${tries} 次，任务记为「未联系上」，不再提醒` };
  }
  const at = row.books ? bookedAt : new Date(now + (row.retry_hours ?? 20) * 3_600_000).toISOString();
  const rest = row.max_tries ? `（第 ${tries} 次，最多 ${row.max_tries} 次）` : "";
  return { icon: "alarm-clock", level: "info", text: at ? `${instantText(at, now)} 再打${rest}` : "请选约定的时间" };
}

/**
 * @param {{outcome: string, task: Doc, bookedAt?: string, draft: Doc, no: number, complaintRow?: Doc | null, now?: number}} given
 *   `no`: answers with 「否」; `complaintRow`: the opening step when a complaint is opened
 * @returns {Effect[]}
 */
export function effectsOf({ outcome, task, bookedAt = "", draft, no, complaintRow = null, now = Date.now() }) {
  const found = [taskEffect(outcomeRow(outcome), task, bookedAt, now)];
  if (no) found.push({ icon: "file-text", level: "info", text: `${no} 项「否」连同原因记入回访记录` });
  if (draft.call_again) found.push({ icon: "rotate-ccw", level: "info", text: "标记「需要再次回访」" });
  if (outcome === "refused") found.push({ icon: "ban", level: "soon", text: "客户记为不同意回访，以后打电话前会提示" });
  if (complaintRow) {
    const next = label("complaint_state", complaintRow.to);
    found.push({ icon: "message-square-warning", level: "late", text: `开投诉抱怨单，进入「${next}」，24 小时从现在起算` });
  }
  return found;
}

/** @param {Effect[]} effects */
export const effectList = (effects) => html`<section class="stack-s" aria-label="保存后会发生">
  <h3 class="t-16">保存后会发生</h3>
  <ul class="stack-s">${effects.map(({ icon, level, text }) => html`<li class="cluster"><span class=${level}>
    <cd-icon name=${icon}></cd-icon></span><span>${text}</span></li>`)}</ul>
</section>`;
