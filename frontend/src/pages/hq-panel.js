// Why it exists: a figure of head office's table leads to the complaints and tablets behind it (D-R4).
import { html, nothing } from "../../vendor/lit.js";
import { instantText } from "../lib/format.js";
import { isUnseen, pressing } from "./hq-figures.js";
import { label } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** What lies behind a branch's figures. @param {Doc} row @param {string} now instant @param {() => void} onClose */
export function complaintPanel(row, now, onClose) {
  const byPressure = [...row.complaints].sort((a, b) => (pressing(a)?.due_at ?? "9").localeCompare(pressing(b)?.due_at ?? "9"));
  return html`<section class="hq-panel stack" tabindex="-1" aria-label="${row.name}明细">
    <div class="section-head"><h2 class="t-18">${row.name}</h2><button class="btn btn-quiet" type="button" @click=${onClose}><cd-icon name="x"></cd-icon>收起</button></div>
    <div class="hq-columns">
      <section class="stack-s" aria-label="未结投诉"><h3 class="section-title">未结投诉 <span class="count num">${byPressure.length}</span></h3>
        ${byPressure.length ? html`<ul class="list hq-list">${byPressure.map(complaintLine)}</ul>` : html`<cd-empty kind="done" heading="没有未结的投诉"></cd-empty>`}</section>
      <section class="stack-s" aria-label="平板"><h3 class="section-title">平板 <span class="count num">${row.tablets.length}</span></h3>
        ${row.tablets.length ? tablets(row.tablets, now) : html`<p class="muted">还没有平板登录过。</p>`}</section>
    </div></section>`;
}

/** @param {Doc} complaint */
function complaintLine(complaint) {
  const { number, state, severity, round, tier, heard_at, clocks } = complaint;
  const open = clocks.filter((/** @type {Doc} */ clock) => !clock.stopped_at);
  const facts = [label("complaint_state", state), label("complaint_severity", severity), round > 1 ? `第 ${round} 轮` : "", tier ? `${tier} 级处理` : ""];
  const missed = clocks.filter((/** @type {Doc} */ clock) => clock.breached_at && clock.stopped_at);
  return html`<li class="hq-line"><div class="grow"><p><b class="num">${number ?? "未编号"}</b> · ${facts.filter(Boolean).join(" · ")}</p>
      <p class="muted t-14">${instantText(heard_at)} 受理${missed.map((/** @type {Doc} */ clock) => html`，<span class="late">${clock.label}曾超时</span>`)}</p></div>
    <div class="cluster cluster-end">${open.map((/** @type {Doc} */ clock) => html`<span class="clock-pair"><span class="t-13 muted">${clock.label}${clock.round > 1 ? `（第 ${clock.round} 轮）` : ""}</span><cd-deadline .clock=${clock}></cd-deadline></span>`)}
      ${open.length ? nothing : html`<span class="muted">没有在走的时限</span>`}</div></li>`;
}

/** @param {Doc[]} list @param {string} now */
function tablets(list, now) {
  return html`<ul class="list hq-list">${list.map((one) => html`<li class="hq-line"><div class="grow"><p>${one.name}</p><p class="muted t-14">${one.person}</p></div>
    <div class="t-14 ${isUnseen(one, Date.parse(now)) ? "soon" : "muted"}">${one.seen_at ? `${instantText(one.seen_at, now)} 联网` : "没有联网过"}${one.pending ? `，待上传 ${one.pending} 条` : ""}</div></li>`)}</ul>`;
}
