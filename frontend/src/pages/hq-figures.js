// Why it exists: a branch's figures are read alike in the wide table and on narrow cards (D-R4).
import { html, nothing } from "../../vendor/lit.js";
import { countText } from "../lib/format.js";

/** @typedef {import("./session.js").Doc} Doc a row of GET /reports/branches */

const DAY_MS = 24 * 3_600_000;

/** Hand-over of today: words, level, sign. @type {Record<string, [string, string, string]>} */
const HANDOVER = {
  received: ["已确认", "done", "circle-check"],
  sent: ["待确认", "info", "send"],
  waiting: ["未交接", "", "clock"],
  missing: ["缺", "late", "circle-alert"],
  closed: ["休息", "", "minus"],
};

/** @param {Doc} row @returns {Doc[]} open complaints with a breached clock */
export const breached = ({ complaints }) => complaints.filter((/** @type {Doc} */ one) => one.clocks.some((/** @type {Doc} */ clock) => clock.breached_at));

/** The clock that presses most: running, or late and still open. @param {Doc} complaint @returns {Doc | null} */
export function pressing({ clocks }) {
  const open = clocks.filter((/** @type {Doc} */ clock) => !clock.stopped_at);
  return open.sort((/** @type {Doc} */ a, /** @type {Doc} */ b) => a.due_at.localeCompare(b.due_at))[0] ?? null;
}

/** @param {Doc} tablet @param {number} now ms @returns {boolean} not seen for a day */
export const isUnseen = ({ seen_at }, now) => !seen_at || now - Date.parse(seen_at) > DAY_MS;

/** @param {Doc} row @param {number} [now] ms @returns {Doc} numbers of one branch */
export function figures(row, now = Date.now()) {
  const { handover, callbacks, complaints, tablets } = row;
  return {
    missing: Object.values(handover).filter(({ state }) => state === "missing").length,
    due: callbacks.due,
    done: callbacks.done,
    overdue: callbacks.overdue,
    open: complaints.length,
    late: breached(row).length,
    tablets: tablets.length,
    unseen: tablets.filter((/** @type {Doc} */ one) => isUnseen(one, now)).length,
    pending: tablets.reduce((/** @type {number} */ sum, /** @type {Doc} */ one) => sum + (one.pending ?? 0), 0),
  };
}

/** @param {Doc} handover of one kind */
function handoverCell({ state, nil, count, imported }) {
  const [text, level, icon] = HANDOVER[state] ?? [state, "", "circle"];
  const number = nil ? "无" : count === null || count === undefined ? "" : `${count} 台`;
  const odd = number && !nil && count !== imported;
  return html`<span class="badge" data-level=${level}><cd-icon name=${icon}></cd-icon>${text}</span>
    <span class="t-13 ${odd ? "soon" : "muted"}">${[number, odd || !number ? `导入 ${imported}` : ""].filter(Boolean).join(" · ")}</span>`;
}

/** A number that means something bad when it is not 0. @param {number} n @param {string} level */
const count = (n, level) => (n ? html`<b class="sign ${level}"><cd-icon name="circle-alert"></cd-icon>${countText(n)}</b>` : html`0`);

/** @param {Doc} row */
function nearest(row) {
  const clocks = row.complaints.map(pressing).filter(Boolean);
  const [clock] = clocks.sort((/** @type {Doc} */ a, /** @type {Doc} */ b) => a.due_at.localeCompare(b.due_at));
  return clock ? html`<cd-deadline .clock=${clock}></cd-deadline>` : html`<span class="muted">—</span>`;
}

/** @param {Doc} given `figures` */
function tabletCell({ tablets, unseen, pending }) {
  return html`${tablets} 台 ${unseen ? html`<span class="sign soon"><cd-icon name="cloud-off"></cd-icon>${unseen} 台没联网</span>` : nothing}
    ${pending ? html`<span class="muted t-13">待上传 ${countText(pending)} 条</span>` : nothing}`;
}

/** @param {Doc[]} branches @param {string} now instant @param {string} [current] code of the open one */
export function table(branches, now, current) {
  const heads = ["门店", "今日交车交接", "今日维修交接", "本月回访", "逾期", "未结投诉", "最近时限", "超时", "平板"];
  const right = ["本月回访", "逾期", "未结投诉", "超时"];
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="各店情况"><table class="table hq-table">
    <thead><tr>${heads.map((name) => html`<th scope="col" class=${right.includes(name) ? "num" : ""}>${name}</th>`)}</tr></thead>
    <tbody>${branches.map((row) => line(row, now, row.code === current))}</tbody></table></div>`;
}

/** @param {Doc} row @param {string} now @param {boolean} current */
function line(row, now, current) {
  const n = figures(row, Date.parse(now));
  return html`<tr class=${n.missing || n.late ? "is-late" : ""} aria-selected=${current ? "true" : nothing}>
    <th scope="row"><a href="/hq?branch=${row.code}" aria-current=${current ? "true" : nothing}>${row.short_name}</a></th>
    <td>${handoverCell(row.handover.delivery)}</td><td>${handoverCell(row.handover.repair)}</td>
    <td class="num">${progress(n)}</td><td class="num">${count(n.overdue, "late")}</td>
    <td class="num">${n.open}</td><td>${nearest(row)}</td><td class="num">${count(n.late, "late")}</td>
    <td>${tabletCell(n)}</td></tr>`;
}

/** @param {Doc} n `figures` */
const progress = ({ done, due }) => html`${countText(done)} / ${countText(due)}
  <progress class="progress-line hq-progress" max=${Math.max(due, 1)} value=${done} aria-label="已完成"></progress>`;

/** The same on a narrow screen. @param {Doc[]} branches @param {string} now */
export function cards(branches, now) {
  return html`<div class="stack">${branches.map((row) => {
    const n = figures(row, Date.parse(now));
    const body = html`<dl class="kv kv--columns">
      <div><dt>交车交接</dt><dd>${handoverCell(row.handover.delivery)}</dd></div><div><dt>维修交接</dt><dd>${handoverCell(row.handover.repair)}</dd></div>
      <div><dt>本月回访</dt><dd>${countText(n.done)} / ${countText(n.due)}，逾期 ${count(n.overdue, "late")}</dd></div>
      <div><dt>未结投诉</dt><dd>${n.open}，超时 ${count(n.late, "late")}</dd></div>
      <div><dt>最近时限</dt><dd>${nearest(row)}</dd></div><div><dt>平板</dt><dd>${tabletCell(n)}</dd></div></dl>`;
    const actions = html`<a class="btn" href="/hq?branch=${row.code}">看明细</a>`;
    return html`<cd-card .heading=${row.name} .level=${n.missing || n.late ? "late" : ""} .body=${body} .actions=${actions}></cd-card>`;
  })}</div>`;
}
