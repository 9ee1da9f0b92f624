// Why it exists: the day's work in the order it wants doing; the first screen of everyone in a branch.
import { html, nothing, repeat } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { todayText } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { complaintRows, handoverRows } from "./today-extra.js";
import { groupTasks } from "./today-groups.js";
import { taskLine } from "./today-line.js";
import { absent, downloadProgress, focusDetail, Page, showCurrent, syncSoon } from "./page.js";
import { branch, clockGround, session } from "./session.js";
import "./today-detail.js";

/** @typedef {import("./session.js").Doc} Doc */

const FILTER = "chedang.today.filter";

/** 今日: groups on the left, one task on the right. */
export class PageToday extends Page {
  static properties = { node: { state: true }, open: { state: true } };

  constructor() {
    super();
    /** the node shown alone, kept on this tablet */
    this.node = localStorage.getItem(FILTER) ?? "";
    /** @type {Set<string>} groups unfolded by the user */
    this.open = new Set();
    this.onKey = this.onKey.bind(this);
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("keydown", this.onKey);
    this.timer = setInterval(() => this.requestUpdate(), 60_000);
  }

  disconnectedCallback() {
    removeEventListener("keydown", this.onKey);
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  async load() {
    const [data, ground] = await Promise.all([app.today(), clockGround()]);
    return { ...data, ground };
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (changed.has("params") || (changed.has("data") && !changed.get("data"))) showCurrent(this);
  }

  moved() {
    void focusDetail(this);
  }

  /** @param {string} node */
  keep(node) {
    this.node = node;
    localStorage.setItem(FILTER, node);
  }

  /** @param {Doc} data @returns {Doc[]} the tasks the filter lets through */
  rows(data) {
    return data.tasks.filter((/** @type {Doc} */ row) => !this.node || row.task.node === this.node);
  }

  /** @param {Doc} data */
  view(data) {
    const now = new Date().toISOString();
    const groups = groupTasks(this.rows(data), now, branch().lunch_from);
    const row = data.tasks.find((/** @type {Doc} */ one) => one.task.id === this.params.task) ?? null;
    return html`<div class="split" ?data-detail=${Boolean(this.params.task)}>
      <section class="split-list" aria-label="今日待办">
        <cd-page-head heading="今日" .note=${[todayText(), data.tomorrow && `明天 ${data.tomorrow} 个回访`].filter(Boolean).join(" · ")}></cd-page-head>
        ${absent() && !data.tasks.length ? nothing : this.stats(groups, data)} ${this.filters(data)} ${downloadProgress()}
        ${complaintRows(data.complaints, data.ground)} ${handoverRows(data.handovers ?? [])}
        ${groups.map((group) => this.group(group, now))} ${this.empty(groups, data)}
      </section>
      ${this.params.task
        ? html`<today-detail class="split-detail" role="region" aria-label="任务" .row=${row} .gone=${!row}></today-detail>`
        : html`<section class="split-detail">${data.tasks.length ? html`<cd-empty heading="从左边选一个任务" text="选中后这里显示车主、联系前须知和打电话的理由。"></cd-empty>` : html`<cd-empty heading="选中的任务会显示在这里"></cd-empty>`}</section>`}
      </div>`;
  }

  /** @param {import("./today-groups.js").Group[]} groups @param {Doc} data */
  stats(groups, data) {
    const n = (/** @type {string} */ key) => groups.find((group) => group.key === key)?.rows.length ?? 0;
    const one = (/** @type {number} */ count, /** @type {string} */ name, level = "") =>
      html`<div class="stat" data-level=${count && level ? level : nothing}><b
        class="stat-n">${count}</b><span>${name}</span></div>`;
    const done = Math.max(n("done"), data.done_today ?? 0);
    return html`<div class="stats">${one(n("late"), "超时", "late")} ${one(n("morning"), "上午")}
      ${one(n("afternoon"), "下午")} ${one(done, "已完成", "done")}</div>`;
  }

  /** @param {Doc} data */
  filters(data) {
    /** @type {Map<string, string>} */
    const names = new Map(data.tasks.map((/** @type {Doc} */ row) => [row.task.node, row.plan_node?.name ?? row.task.node]));
    if (names.size < 2 && !this.node) return nothing;
    const chip = (/** @type {string} */ text, /** @type {string} */ code) => html`<button class="chip" type="button"
      aria-pressed=${this.node === code} @click=${() => this.keep(code)}>${text}</button>`;
    return html`<div class="cluster" role="group"
      aria-label="筛选">${chip("全部", "")} ${[...names].sort().map(([code, name]) => chip(name, code))}</div>`;
  }

  /** @param {import("./today-groups.js").Group} group @param {string} now */
  group({ key, title, rows }, now) {
    if (!rows.length) return nothing;
    const short = key === "later" || key === "done" ? 5 : 60;
    const shown = this.open.has(key) ? rows : rows.slice(0, short);
    const more = rows.length - shown.length;
    const unfold = () => (this.open = new Set(this.open).add(key));
    return html`<div class="section-head"><h2 id="group-${key}">${title} <span
      class="count num">${rows.length}</span></h2></div>
      <div class="list" role="group" aria-labelledby="group-${key}">${repeat(shown, (row) => row.task.id, (row) => taskLine(row, key, now, this.params.task))}</div>
      ${more > 0 ? html`<button class="btn btn-quiet btn-block" @click=${unfold}>还有 ${more} 条，全部展开</button>` : nothing}`;
  }

  /** @param {import("./today-groups.js").Group[]} groups @param {Doc} data */
  empty(groups, data) {
    const missing = absent();
    if (missing) return missing;
    const left = groups.filter(({ key }) => key !== "done" && key !== "later").some(({ rows }) => rows.length);
    if (left) return nothing;
    if (session.state?.sync.phase === "downloading" && !data.tasks.length) return nothing;
    if (data.tasks.length && !this.rows(data).length) return this.filtered();
    const early = groups.find(({ key }) => key === "later")?.rows.length ?? 0;
    const words = [data.tomorrow && `明天有 ${data.tomorrow} 个回访`, early && `另有 ${early} 个已经可以提前打，列在「以后」`].filter(Boolean).join("；");
    return html`<cd-empty kind="done" heading=${data.tasks.length || data.done_today ? "今天的回访都做完了，辛苦了" : "今天没有要您打的回访"} .text=${words ? `${words}。` : "新的交车和维修导入后，回访任务会自动出现在这里。"}
      .actions=${html`<button class="btn" type="button" @click=${syncSoon}>看看有没有新任务</button>`}></cd-empty>`;
  }

  filtered() {
    return html`<cd-empty heading="这个筛选下没有任务" text="别的回访还有，点「全部」就能看到。"
      .actions=${html`<button class="btn" type="button" @click=${() => this.keep("")}>看全部任务</button>`}></cd-empty>`;
  }

  /** C: call; the rest of the keys belong to the browser. @param {KeyboardEvent} event */
  onKey(event) {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (typing || event.ctrlKey || event.metaKey || !this.params.task || event.key.toLowerCase() !== "c") return;
    void navigate(`/call/${this.params.task}`);
  }
}

customElements.define("page-today", PageToday);
