// Why it exists: each day's deliveries and repair orders come in here and are handed over, also when there were none (D-H1 … D-H3).
import { html, nothing } from "../../vendor/lit.js";
import { addDays } from "../domain/timing.js";
import { app } from "../lib/app.js";
import { dayOf } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { HANDOVER_OF, KINDS } from "./import-fields.js";
import { absent, downloadProgress, Page } from "./page.js";
import { branch, refs, roles, session } from "./session.js";
import "./handover-day.js";
import "./handover-list.js";
import "./import-flow.js";

/** @typedef {import("./session.js").Doc} Doc */

const DAYS_SHOWN = 13;

/** May one of the person's posts author this kind of op here? @param {string} kind */
export const may = (kind) => roles().some((role) => session.schema?.ops[kind]?.roles.includes(role));

/** 导入: two kinds, each with its hand-over of the day. */
export class PageImport extends Page {
  static properties = { online: { state: true }, phase: { state: true } };

  constructor() {
    super();
    this.online = navigator.onLine;
    /** of the import: while one runs, only that is shown */
    this.phase = "choose";
    this.seen = () => (this.online = navigator.onLine);
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of ["online", "offline"]) addEventListener(name, this.seen);
  }

  disconnectedCallback() {
    for (const name of ["online", "offline"]) removeEventListener(name, this.seen);
    super.disconnectedCallback();
  }

  async load() {
    const today = dayOf(Date.now());
    if (!session.state?.branch) return { today, handovers: [], imported: {}, staff: [] };
    const [found, staff] = await Promise.all([app.handovers(addDays(today, -DAYS_SHOWN)), refs("staff")]);
    return { today, staff, ...found };
  }

  /** @returns {import("./import-fields.js").Kind} */
  get kind() {
    const asked = this.query.kind;
    if (asked === "deliveries" || asked === "repair_orders") return asked;
    return roles().some((role) => role.startsWith("service_")) ? "repair_orders" : "deliveries";
  }

  /** @param {Doc} data */
  view(data) {
    if (!session.state?.branch || !Object.values(KINDS).some(({ op }) => may(op))) return this.denied();
    const of = HANDOVER_OF[this.kind];
    const busy = !["choose", "done"].includes(this.phase);
    const missing = absent(); // then nothing is known of hand-overs
    return html`<div class="page">
      <cd-page-head heading="导入与交接" .note=${branch().name ?? ""}></cd-page-head>
      ${downloadProgress()}
      <div class="tabs" role="tablist" aria-label="类别" @keydown=${this.onKey}>${Object.entries(KINDS).map(([kind, { label }]) => this.tab(kind, label))}</div>
      <div class="stack-l" role="tabpanel" id="import-panel" aria-labelledby="tab-${this.kind}">
        ${missing ?? html`<handover-day .kind=${of} .data=${data} .quiet=${busy}></handover-day>`}
        ${may(KINDS[this.kind].op) ? this.importing() : nothing}
        ${busy || missing ? nothing : html`<handover-list .kind=${of} .data=${data}></handover-list>`}
      </div></div>`;
  }

  /** @param {string} kind @param {string} label */
  tab(kind, label) {
    const on = kind === this.kind;
    return html`<button role="tab" type="button" id="tab-${kind}" aria-selected=${on} aria-controls="import-panel" tabindex=${on ? 0 : -1}
      @click=${() => navigate(`/import?kind=${kind}`, { replace: true })}>${label}</button>`;
  }

  importing() {
    const { label } = KINDS[this.kind];
    const flow = html`<import-flow .kind=${this.kind} .branch=${branch().code} @cd-imported=${() => this.refresh()}
      @cd-phase=${(/** @type {CustomEvent<{phase: string}>} */ { detail }) => (this.phase = detail.phase)}
      @cd-nil=${() => this.day()?.begin(true)}></import-flow>`;
    return html`<section class="stack-s" aria-label="导入${label}表格"><h2 class="section-title">导入${label}表格</h2>
      ${this.online ? nothing : html`<div class="banner" data-level="soon" role="status"><cd-icon name="wifi-off"></cd-icon>
        <p>导入要联网。交接和「${label === "交车" ? "今日无交车" : "今日无维修交车"}」离线也能登记，联网后自动上传。</p></div>`}
      ${flow}</section>`;
  }

  /** @returns {import("./handover-day.js").HandoverDay | null} */
  day() {
    return this.querySelector("handover-day");
  }

  denied() {
    const text = session.state?.branch ? "" : "交车和维修由门店导入；请用门店的账号登录。";
    return html`<div class="page"><cd-page-head heading="导入与交接"></cd-page-head><cd-empty kind="denied" .text=${text}></cd-empty></div>`;
  }

  /** Arrow keys move between the tabs. @param {KeyboardEvent} event */
  async onKey(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = this.kind === "deliveries" ? "repair_orders" : "deliveries";
    await navigate(`/import?kind=${other}`, { replace: true });
    await this.updateComplete;
    document.getElementById(`tab-${other}`)?.focus();
  }

  /** @param {Map<PropertyKey, unknown>} changed another kind begins from the start */
  updated(changed) {
    const before = /** @type {any} */ (changed.get("query"))?.kind;
    if (changed.has("query") && before && before !== this.kind) this.flow()?.reset();
  }

  /** @returns {import("./import-flow.js").ImportFlow | null} */
  flow() {
    return this.querySelector("import-flow");
  }
}

customElements.define("page-import", PageImport);
