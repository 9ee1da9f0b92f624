// Why it exists: before anything is written, each row says what would happen to it and why (D-H3).
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { countText, dateShort, vinText } from "../lib/format.js";
import { Part } from "../parts/part.js";

/** @typedef {import("./session.js").Doc} Doc */

const PAGE = 50;

/** State of a row: words, level, sign. @type {Record<string, [string, string, string]>} */
export const STATES = {
  error: ["有错误", "late", "circle-alert"],
  new: ["新增", "info", "file-plus"],
  changed: ["有变化", "soon", "pencil"],
  same: ["没变化", "done", "check"],
};

/** Rows of a preview behind chips with counts; asks the server for more. */
export class ImportRows extends Part {
  static properties = { preview: { attribute: false }, state: { state: true }, rows: { state: true }, failure: { state: true } };

  constructor() {
    super();
    /** @type {Doc | null} answer of POST /imports */
    this.preview = null;
    /** @type {string} a state, or "" for all */
    this.state = "";
    /** @type {Doc[] | null} */
    this.rows = null;
    this.failure = "";
    this.turn = 0;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("preview") && this.preview) this.show(this.preview.counts.error ? "error" : "");
  }

  /** @param {string} state */
  show(state) {
    Object.assign(this, { state, rows: null });
    void this.more();
  }

  /** The next rows of this filter. */
  async more() {
    const mine = ++this.turn;
    const query = new URLSearchParams({ offset: String(this.rows?.length ?? 0), limit: String(PAGE) });
    if (this.state) query.set("state", this.state);
    try {
      const { rows } = await api.get(`/imports/${this.preview?.id}/rows?${query}`);
      if (mine === this.turn) Object.assign(this, { rows: [...(this.rows ?? []), ...rows], failure: "" });
    } catch (error) {
      if (mine === this.turn) this.failure = wordsOf(error);
    }
  }

  /** Rows of the present filter, loaded or not. */
  get total() {
    return this.preview?.counts[this.state || "total"] ?? 0;
  }

  render() {
    const { counts } = this.preview ?? { counts: {} };
    const chip = (/** @type {string} */ state, /** @type {string} */ text, /** @type {number} */ n) => html`<button class="chip" type="button"
      aria-pressed=${this.state === state} ?disabled=${!n && this.state !== state} @click=${() => this.show(state)}>${text} <b class="num">${countText(n)}</b></button>`;
    return html`<div class="stack-s">
      <div class="cluster" role="group" aria-label="按结果筛选">${chip("", "全部", counts.total)}
        ${Object.entries(STATES).map(([state, [text]]) => chip(state, text, counts[state]))}</div>
      ${this.failure ? this.failed() : nothing}
      ${this.rows ? this.table(this.rows) : this.failure ? nothing : html`<p class="muted" aria-busy="true">正在取这些行…</p>`}
    </div>`;
  }

  failed() {
    return html`<div class="banner" data-level="late" role="alert"><cd-icon name="circle-alert"></cd-icon><p>${this.failure}</p>
      <button class="btn" type="button" @click=${() => this.more()}>再试一次</button></div>`;
  }

  /** @param {Doc[]} rows */
  table(rows) {
    if (!rows.length) return html`<cd-empty heading="这一类没有行"></cd-empty>`;
    const left = this.total - rows.length;
    return html`<div class="table-wrap" tabindex="0" role="region" aria-label="表格里的行"><table class="table table--dense import-table">
        <thead><tr><th scope="col" class="num">行</th><th scope="col">结果</th><th scope="col">车辆</th><th scope="col">客户 · 单据</th><th scope="col">说明</th></tr></thead>
        <tbody>${rows.map((row) => this.row(row))}</tbody></table></div>
      ${left > 0 ? html`<button class="btn btn-quiet btn-block" type="button" @click=${() => this.more()}>再显示 ${Math.min(PAGE, left)} 行（还有 ${countText(left)} 行）</button>` : nothing}`;
  }

  /** @param {Doc} row */
  row({ line, state, problems, warnings, summary }) {
    const [text, level, icon] = STATES[state] ?? [state, "", "circle"];
    const who = summary.name ?? summary.sender_name ?? summary.owner_name ?? "—";
    const what = [summary.number, dateOf(summary)].filter(Boolean).join(" · ");
    return html`<tr class=${level === "late" ? "is-late" : ""}>
      <td class="num">${line}</td>
      <td><span class="badge" data-level=${level}><cd-icon name=${icon}></cd-icon>${text}</span></td>
      <td>${summary.plate ? html`<cd-plate size="s" .plate=${summary.plate}></cd-plate>` : nothing}
        <div class="figures t-13 muted">${vinText(summary.vin) || "没有车架号"}</div></td>
      <td>${who}<div class="figures t-13 muted nowrap">${what}</div></td>
      <td>${reasons(problems, "late", "circle-alert")} ${reasons(warnings, "soon", "info")}
        ${problems.length || warnings.length ? nothing : html`<span class="muted">—</span>`}</td></tr>`;
  }
}

/** @param {Doc} summary @returns {string} day of the delivery or of the hand-back */
const dateOf = ({ delivered_on, out_at }) => (delivered_on || out_at ? dateShort(delivered_on ?? out_at) : "");

/** @param {Doc[]} list @param {string} level @param {string} icon */
const reasons = (list, level, icon) => list.map(({ message }) => html`<p class="reason ${level}"><cd-icon name=${icon}></cd-icon><span>${message}</span></p>`);

customElements.define("import-rows", ImportRows);
