// Why it exists: one line of 「今日」 tells plate, person, which callback and until when; the eye needs no more.
import { html } from "../../vendor/lit.js";
import { honorific, instantText, timeText } from "../lib/format.js";
import { label } from "./session.js";
import { moment } from "./today-groups.js";

/** @typedef {import("./session.js").Doc} Doc */

/** @type {Record<string, string>} the sign of a group, where it has one */
const LEVELS = { late: "late", done: "done" };

/** @param {Doc} row of `app.today()` @param {string} group @param {string} now @param {string | undefined} current id of the open task */
export function taskLine({ task, vehicle, customer, pending, plan_node: node }, group, now, current) {
  const notes = [
    node?.name ?? task.node,
    vehicle?.model,
    group === "booked" && `预约 ${instantText(task.booked_at, now)}`,
    task.last_outcome && task.state === "open" && `上次：${label("outcome", task.last_outcome)}`,
    group === "done" && `${timeText(task.done_at ?? task.due_at)} 完成`,
  ];
  const dated = group !== "done" && group !== "booked";
  return html`<cd-list-row href="/today/${task.id}" .plate=${vehicle?.plate ?? ""} .level=${LEVELS[group] ?? ""}
    .heading=${honorific(customer?.name ?? "未登记姓名", customer?.gender)} .note=${notes.filter(Boolean).join(" · ")}
    .pending=${Boolean(pending)} .due=${dated ? moment(task) : ""} .current=${task.id === current}></cd-list-row>`;
}
