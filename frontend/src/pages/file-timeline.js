// Why it exists: deliveries, repairs, calls and complaints of a car make one story, newest first, filtered by kind.
import { html } from "../../vendor/lit.js";
import { countText, moneyText } from "../lib/format.js";
import { answerCount } from "./contact.js";
import { label, nodeName } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("../parts/cd-timeline.js").Item & {sort: string}} Item */

const KINDS = [["", "全部"], ["repair", "维修"], ["call", "回访"], ["complaint", "投诉"], ["delivery", "交车"]];

/** @param {string} chosen @param {(key: string) => void} put */
export const filters = (chosen, put) => html`<div class="cluster" role="group"
  aria-label="筛选">${KINDS.map(([key = "", text]) => html`<button
  class="chip" type="button" aria-pressed=${chosen === key} @click=${() => put(key)}>${text}</button>`)}</div>`;

/** @param {unknown[][]} facts @returns {[string, unknown][]} those that say something */
const told = (facts) => /** @type {[string, unknown][]} */ (facts.filter(([, value]) => value));

/** @param {Doc} doc @returns {Item} */
const delivery = (doc) => ({
  sort: "delivery", id: doc.id, at: doc.delivered_on, title: "交车", icon: "car", who: doc.consultant, text: doc.note ?? "",
});

/** @param {Doc} doc @returns {Item} */
const repair = (doc) => ({
  sort: "repair", id: doc.id, at: doc.out_at, icon: "wrench",
  title: `${label("repair_type", doc.type)} · 工单 ${doc.number}`,
  text: doc.items?.join("、") ?? "",
  facts: told([["服务顾问", doc.advisor], ["技师", doc.technician], ["里程", doc.mileage_km && `${countText(doc.mileage_km)} 公里`], ["结算", moneyText(doc.amount_fen)], ["备注", doc.note]]),
});

/** @param {Doc} doc @param {string[]} pending @returns {Item} */
const call = (doc, pending) => ({
  sort: "call", id: doc.id, at: doc.started_at, icon: "phone", who: doc.staff_name,
  title: `${nodeName(doc.node) || "回访"}：${label("outcome", doc.outcome)}`,
  text: doc.note ?? "",
  facts: told([
    ["回答", answerCount(doc.answers)],
    ...(doc.answers ?? []).filter((/** @type {Doc} */ one) => one.reason).map((/** @type {Doc} */ one) => ["否", one.reason]),
    ...(doc.answers ?? []).filter((/** @type {Doc} */ one) => one.praise).map((/** @type {Doc} */ one) => ["表扬", one.praise]),
    ["再次回访", doc.call_again && "需要"],
    ["来源", doc.from_paper && "纸质补录"],
  ]),
  entered_at: doc.from_paper ? doc.ended_at : "",
  synced_at: doc.synced_at,
  pending: pending.includes(doc.id),
});

/** @param {Doc} doc @param {string[]} pending @returns {Item} */
const complaint = (doc, pending) => ({
  sort: "complaint", id: doc.id, at: doc.heard_at, icon: "message-square-warning", href: `/complaints/${doc.id}`,
  level: doc.state === "closed" ? "done" : "late",
  title: `投诉 ${doc.number} · ${label("complaint_state", doc.state)}`,
  text: doc.content,
  pending: pending.includes(doc.id),
});

/** @param {Doc} file of `app.file()` @returns {Item[]} newest first */
export function timelineItems(file) {
  const { pending } = file;
  const items = [
    ...file.deliveries.map(delivery),
    ...file.repair_orders.map(repair),
    ...file.attempts.map((/** @type {Doc} */ doc) => call(doc, pending)),
    ...file.complaints.map((/** @type {Doc} */ doc) => complaint(doc, pending)),
  ];
  return items.sort((a, b) => b.at.localeCompare(a.at));
}
