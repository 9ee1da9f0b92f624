// Why it exists: head office writes the next version of a script, sees the difference, publishes it, and sees who has it (D-S8).
import { html, nothing } from "../../vendor/lit.js";
import { api } from "../lib/api.js";
import { dateText } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { toast } from "../parts/cd-toast.js";
import { Page } from "./page.js";
import { label, newest, refs, roles, session } from "./session.js";
import { newestOfEach } from "./scripts.js";
import { HEAD_OFFICE } from "./hq.js";
import "./hq-editor.js";

/** @typedef {import("./session.js").Doc} Doc */

const REACH_MS = 15_000;

/** 话术发布: scripts with their reach, and the editor of one. */
export class PageHqScripts extends Page {
  static properties = { reach: { state: true } };

  constructor() {
    super();
    /** @type {Map<string, Doc> | null} kind:code → row of the report; null while unknown */
    this.reach = null;
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => document.visibilityState === "visible" && this.ask(), REACH_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  async load() {
    void this.ask();
    return refs("script");
  }

  moved() {
    this.requestUpdate();
  }

  /** Who has what; without the network the list stands without it. */
  async ask() {
    const rows = await api.get("/reports/publications").catch(() => null);
    if (rows) this.reach = new Map(rows.map((/** @type {Doc} */ row) => [`${row.kind}:${row.code}`, row]));
  }

  /** @param {Doc[]} docs */
  view(docs) {
    if (!roles().some((role) => HEAD_OFFICE.includes(role))) return html`<div class="page"><cd-page-head heading="话术发布"></cd-page-head><cd-empty kind="denied"></cd-empty></div>`;
    const may = roles().some((role) => session.schema?.ops["script.publish"].roles.includes(role));
    const code = this.query.code ?? "";
    return html`<div class="split" ?data-detail=${Boolean(code)}>
      <section class="split-list" aria-label="话术">
        <cd-page-head heading="话术发布" back="/hq" always-back .actions=${may ? html`<a class="btn" href="/hq/scripts?code=new"><cd-icon name="plus"></cd-icon>新建</a>` : null}></cd-page-head>
        <div class="list">${newestOfEach(docs).map((doc) => this.line(doc))}</div></section>
      <section class="split-detail" tabindex="0" aria-label="编辑">${this.detail(docs, code, may)}</section></div>`;
  }

  /** @param {Doc} doc */
  line(doc) {
    const words = [label("script_kind", doc.kind), `第 ${doc.version} 版`, doc.published_at && dateText(doc.published_at)].filter(Boolean).join(" · ");
    return html`<cd-list-row href="/hq/scripts?code=${doc.code}" .heading=${doc.title} .note=${words} .current=${doc.code === this.query.code} .meta=${this.reached(doc)}></cd-list-row>`;
  }

  /** @param {Doc} doc */
  reached(doc) {
    const row = this.reach?.get(`script:${doc.code}`);
    if (!row) return "";
    if (row.version !== doc.version) return html`<span class="soon">待上传</span>`;
    const all = row.reached.length === row.devices;
    return html`<span class=${all ? "done" : "info"}>${row.reached.length}/${row.devices} 台平板已收到</span>`;
  }

  /** @param {Doc[]} docs @param {string} code @param {boolean} may */
  detail(docs, code, may) {
    if (!code) return html`<cd-empty heading="从左边选一份话术" text="改好后先看和上一版的差别，再发布；平板联网后自动收到。"></cd-empty>`;
    const current = code === "new" ? null : newest(docs, code);
    if (!current && code !== "new") return html`<cd-empty kind="search" heading="没有这份话术"></cd-empty>`;
    const row = current && this.reach?.get(`script:${code}`);
    return html`<hq-editor .code=${code} .current=${current} .docs=${docs} .readonly=${!may}
      .holders=${row && row.version === current?.version ? this.holders(row) : nothing} @cd-published=${this.published}></hq-editor>`;
  }

  /** @param {Doc} row of the report */
  holders({ reached, devices, version }) {
    return html`<section class="stack-s" aria-label="谁收到了"><h2 class="section-title">第 ${version} 版已到 ${reached.length}/${devices} 台平板</h2>
      ${reached.length ? html`<p>${reached.join("、")}</p>` : html`<p class="muted">还没有平板收到；平板下次联网时会自动取。</p>`}</section>`;
  }

  /** @param {CustomEvent<{doc: Doc}>} event */
  async published({ detail: { doc } }) {
    toast(`「${doc.title}」第 ${doc.version} 版已发布，平板联网后自动收到。`, { level: "done" });
    await navigate(`/hq/scripts?code=${doc.code}`, { replace: true });
    setTimeout(() => void this.ask(), 3_000);
  }
}

customElements.define("page-hq-scripts", PageHqScripts);
