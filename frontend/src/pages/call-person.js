// Why it exists: left of the call stands the person: who, what car, whether to call, what was said last, which number.
import { html, nothing } from "../../vendor/lit.js";
import { dateShort, dateText, honorific, phoneText } from "../lib/format.js";
import { factList } from "./bits.js";
import { answerCount, lastBeside, phonesOf } from "./contact.js";
import { label, nodeName } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/**
 * @param {{file: Doc, customer: Doc | null, gate: any, phone: string, node: Doc | null, task: Doc}} about
 * @param {(phone: string) => void} pick another number
 */
export function personZone({ file, customer, gate, phone, node, task }, pick) {
  const { vehicle } = file;
  const repair = task.source === "repair_order" ? file.repair_orders.find((/** @type {Doc} */ one) => one.id === task.source_id) : null;
  const facts = factList([
    ["车型", vehicle.model],
    ["交车", vehicle.delivered_on && dateText(vehicle.delivered_on)],
    ["维修", repair && `${dateText(repair.out_at)} ${label("repair_type", repair.type)}`],
    ["项目", repair?.items?.join("、")],
    ["方便时间", repair?.convenient_time ?? customer?.preferred_time],
    ["备注", customer?.note],
  ]);
  return html`<div class="stack-s">
      <div class="cluster"><cd-plate size="l" .plate=${vehicle.plate ?? ""}></cd-plate></div>
      <h1 class="t-18">${honorific(customer?.name ?? "未登记姓名", customer?.gender)}</h1>
      <p class="muted t-14">${node?.name ?? task.node}${node?.why ? `：${node.why}` : ""}</p>
    </div>
    <div class="stack-s">${numbers(phonesOf(customer), phone, pick)}</div>
    <h2 class="sr-only">联系前须知</h2>
    <cd-gate .gate=${gate} .last=${lastBeside(gate, file)}></cd-gate>
    ${facts}
    ${contacts(file)}`;
}

/** @param {string[]} phones @param {string} phone @param {(phone: string) => void} pick */
function numbers(phones, phone, pick) {
  if (!phone) return html`<p class="late">没有登记电话，请先在车档里补上。</p>`;
  const others = phones.filter((one) => one !== phone);
  return html`<a class="btn btn-large btn-block num" href="tel:${phone}"><cd-icon name="phone"></cd-icon>${phoneText(phone)}</a>
    ${others.map((one) => html`<button class="btn btn-quiet num" type="button"
      @click=${() => pick(one)}>改拨 ${phoneText(one)}</button>`)}`;
}

/** The last three calls (S1: one looks before one dials). @param {Doc} file */
function contacts(file) {
  const last = file.attempts.slice(0, 3);
  if (!last.length) return nothing;
  return html`<section class="stack-s"><h2 class="t-14 muted">最近联系</h2>
    <ul class="stack-s">${last.map((/** @type {Doc} */ one) => html`<li class="t-14">
      <span class="num">${dateShort(one.ended_at)}</span> ${one.staff_name} · ${nodeName(one.node)} · ${label("outcome", one.outcome)}
      ${answerCount(one.answers) ? html`<span class="muted">${answerCount(one.answers)}</span>` : nothing}
      ${one.note ? html`<p class="muted clamp-2">${one.note}</p>` : nothing}</li>`)}</ul></section>`;
}
