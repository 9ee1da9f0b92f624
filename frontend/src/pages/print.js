// Why it exists: every sheet can be found and printed from one place, from the tablet without network or as the server's PDF (D-X).
import { html, nothing } from "../../vendor/lit.js";
import { addDays } from "../domain/timing.js";
import { api, wordsOf } from "../lib/api.js";
import { app } from "../lib/app.js";
import { dayOf, honorific } from "../lib/format.js";
import { toast } from "../parts/cd-toast.js";
import { Page } from "./page.js";
import { branch, label, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const RECENT = 8;

/** The address of a sheet printed from this tablet. @param {Record<string, string>} query */
export const sheet = (query) => `/print.html?${new URLSearchParams(query)}`;

/** @param {string} text @param {Record<string, string>} query @param {string} [kind] class @param {string} [about] told to screen readers */
const sheetLink = (text, query, kind = "", about = "") => html`<a class="btn ${kind}" href=${sheet(query)} target="_blank" rel="opener" aria-label=${about ? `${about} ${text}` : nothing}><cd-icon name="printer"></cd-icon>${text}</a>`;

/** 打印: a period's call list, blank forms, and quick ways to what was open last. */
export class PagePrint extends Page {
  static properties = { from: { state: true }, to: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.to = dayOf(Date.now());
    this.from = addDays(this.to, -6);
    /** what is being fetched */
    this.busy = "";
  }

  async load() {
    if (!session.state?.branch) return { complaints: [], recent: [] };
    const [complaints, recent] = await Promise.all([app.complaints(), app.recent()]);
    return { complaints: complaints.slice(0, RECENT), recent: recent.slice(0, RECENT) };
  }

  /** @param {Doc} data */
  view({ complaints, recent }) {
    if (!session.state?.branch) return html`<div class="page"><cd-page-head heading="打印"></cd-page-head><cd-empty kind="denied" text="表单在门店打印；请用门店的账号登录。"></cd-empty></div>`;
    return html`<div class="page">
      <cd-page-head heading="打印" note="本机打印不需要网络；PDF 和 Excel 由服务器生成，需要联网。"></cd-page-head>
      ${this.period()}
      ${this.group("投诉抱怨单", complaints, "没有未结的投诉；已结的在车档里打印。", ({ complaint, vehicle, customer }) => this.line("complaint", complaint.id, vehicle?.plate, `${complaint.number} ${honorific(customer?.name ?? "", customer?.gender)}`, label("complaint_state", complaint.state)))}
      ${this.group("一车一档", recent, "最近打开过的车档会出现在这里。", (file) => this.line("vehicle_file", file.id, file.plate, file.people[0]?.name ?? "", file.model ?? ""))}
      ${this.blanks()}</div>`;
  }

  period() {
    const [earliest, latest] = this.from <= this.to ? [this.from, this.to] : [this.to, this.from];
    const day = (/** @type {"from" | "to"} */ name, /** @type {string} */ text) => html`<div class="field"><label class="field-label" for="period-${name}">${text}</label>
      <input class="input" id="period-${name}" type="date" .value=${this[name]} max=${dayOf(Date.now())} @change=${(/** @type {Event & {target: HTMLInputElement}} */ { target }) => this.put(name, target.value)} /></div>`;
    const query = { from: earliest, to: latest };
    const usual = [["今天", 0], ["近 7 天", 6], ["近 30 天", 29]];
    const today = dayOf(Date.now());
    const body = html`<div class="stack">
      <div class="cluster" role="group" aria-label="常用时段">${usual.map(([text, days]) => {
        const from = addDays(today, -Number(days));
        return html`<button class="chip" type="button" aria-pressed=${this.from === from && this.to === today} @click=${() => Object.assign(this, { from, to: today })}>${text}</button>`;
      })}</div>
      <div class="form-row">${day("from", "从")} ${day("to", "到")}</div></div>`;
    const actions = html`${sheetLink("本机打印", { form: "callback_log", ...query }, "btn-primary")}
      ${this.file("PDF", `回访登记表 ${earliest} 至 ${latest}.pdf`, { form: "callback_log", query: { branch: branch().code, ...query } })}
      ${this.file("Excel", `回访登记 ${earliest} 至 ${latest}.xlsx`, { form: "callback_log", format: "xlsx", query: { branch: branch().code, ...query } })}`;
    return html`<cd-card heading="回访登记表" .body=${body} .actions=${actions}></cd-card>`;
  }

  /** @param {"from" | "to"} name @param {string} date "" while it is half typed */
  put(name, date) {
    if (date) this[name] = date;
  }

  /** A button that fetches a file. @param {string} text @param {string} name @param {Doc} body of POST /exports @param {string} [about] */
  file(text, name, body, about = "") {
    const mine = this.busy === name;
    return html`<button class="btn" type="button" ?disabled=${Boolean(this.busy)} aria-label=${about ? `${about} ${text}` : nothing} @click=${() => this.take(name, body)}>
      <cd-icon name=${mine ? "loader-circle" : "download"}></cd-icon>${mine ? "正在生成…" : text}</button>`;
  }

  /** @param {string} name @param {Doc} body */
  async take(name, body) {
    this.busy = name;
    await api.download(name, "/exports", body).catch((error) => toast(wordsOf(error), { level: "late" }));
    this.busy = "";
  }

  /** @param {string} form code @param {Doc[]} rows @param {string} none @param {(row: Doc) => unknown} line */
  group(form, rows, none, line) {
    return html`<section class="stack-s" aria-label=${form}><h2 class="section-title">${form}</h2>
      ${rows.length ? html`<ul class="list print-list">${rows.map(line)}</ul>` : html`<p class="muted">${none}</p>`}</section>`;
  }

  /** @param {string} form @param {string} id @param {string} plate @param {string} heading @param {string} note */
  line(form, id, plate, heading, note) {
    return html`<li class="print-line">${plate ? html`<cd-plate size="s" .plate=${plate}></cd-plate>` : nothing}
      <span class="grow"><b>${heading}</b> <span class="muted t-14">${note}</span></span>
      <span class="cluster">${sheetLink("打印", { form, id }, "", plate || heading)} ${this.file("PDF", `${label("form", form)} ${plate || heading}.pdf`, { form, id }, `${plate || heading}`)}</span></li>`;
  }

  blanks() {
    const forms = /** @type {Doc[]} */ (session.schema?.lists.form.items ?? []);
    return html`<section class="stack-s" aria-label="空白表单"><h2 class="section-title">空白表单</h2>
      <p class="muted">没有平板的日子先写在纸上，事后按原来的时间补录。</p>
      <ul class="list print-list">${forms.map(({ code, label: name, number, revision }) => html`<li class="print-line"><cd-icon name="file-text"></cd-icon>
        <span class="grow"><b>${name}</b> <span class="muted t-14">${number} · ${revision}</span></span>${sheetLink("打印空白", { form: code }, "", name)}</li>`)}</ul></section>`;
  }
}

customElements.define("page-print", PagePrint);
