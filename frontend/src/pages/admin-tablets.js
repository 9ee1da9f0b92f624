// Why it exists: a tablet that has not been seen for days may hold unsent work, or be lost; who answers for it sees that
// here, lets new ones in and shuts lost ones out (TRUST, On the tablet).
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { instantText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { isUnseen } from "./hq-figures.js";
import { managedBranches } from "./session.js";
import { STATES, unsent } from "./tablet-words.js";
import "./admin-enrol.js";
import "./admin-tablet.js";

/** @typedef {import("./session.js").Doc} Doc a row of GET /devices */

/** The tablets one answers for, the ones seen last first. */
export class AdminTablets extends Part {
  static properties = {
    branches: { attribute: false },
    rows: { state: true },
    failure: { state: true },
    opened: { state: true },
    enrolling: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc[]} */
    this.branches = [];
    /** @type {Doc[] | null} */
    this.rows = null;
    /** @type {any} */
    this.failure = null;
    /** @type {string | null} id of the tablet whose dialog is open */
    this.opened = null;
    this.enrolling = false;
  }

  connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  async load() {
    try {
      Object.assign(this, { rows: await api.get("/devices"), failure: null });
    } catch (error) {
      this.failure = error;
    }
  }

  render() {
    if (this.failure) return this.failed();
    if (!this.rows) return html`<cd-progress .value=${null} label="正在取平板列表"></cd-progress>`;
    const own = managedBranches(this.branches);
    const enrol = html`<button class="btn btn-primary" type="button" @click=${() => (this.enrolling = true)}><cd-icon name="plus"></cd-icon>生成登记码</button>`;
    const open = this.rows.find((row) => row.id === this.opened) ?? null;
    return html`${own.length ? html`<div class="cluster cluster-end">${enrol}</div>` : nothing}
      ${this.rows.length ? html`<div class="list">${this.rows.map((row) => this.line(row))}</div>` : this.none()}
      <admin-enrol .open=${this.enrolling} .branches=${own} @cd-close=${() => this.closed()}></admin-enrol>
      <admin-tablet .tablet=${open} .branches=${this.branches} @cd-changed=${() => this.load()} @cd-close=${() => (this.opened = null)}></admin-tablet>`;
  }

  failed() {
    const again = html`<button class="btn btn-primary" type="button" @click=${() => this.load()}>再试一次</button>`;
    return html`<cd-empty kind=${this.failure.code === "offline" ? "offline" : "error"} .text=${wordsOf(this.failure)} .actions=${again}></cd-empty>`;
  }

  none() {
    return html`<cd-empty heading="还没有平板" text="点「生成登记码」，在新平板的登录页输入账号、密码和登记码，它就会出现在这里。"></cd-empty>`;
  }

  /** A new tablet may have come in while its code was on the screen. */
  closed() {
    this.enrolling = false;
    void this.load();
  }

  /** @param {Doc} row */
  line(row) {
    const [text, level, icon] = STATES[row.state] ?? [row.state, "", "circle"];
    const away = row.state !== "wiped" && isUnseen(row, Date.now());
    const seen = html`<span class=${away ? "sign soon" : ""}>${away ? html`<cd-icon name="cloud-off"></cd-icon>` : nothing}${instantText(row.seen_at)} 联网</span>`;
    const branch = this.branches.find(({ code }) => code === row.branch);
    const facts = [branch?.short_name ?? row.branch ?? "总部", row.who, seen, unsent(row) && `待上传 ${unsent(row)}`].filter(Boolean);
    const note = html`${facts.map((fact, at) => html`${at ? " · " : ""}${fact}`)}`;
    const name = html`${row.name} <span class="muted t-13 num">${row.id.slice(-6)}</span>`;
    const meta = html`<span class="badge" data-level=${level || nothing}><cd-icon name=${icon}></cd-icon>${text}</span>`;
    return html`<cd-list-row .heading=${name} .note=${note} .meta=${meta} @cd-open=${() => (this.opened = row.id)}></cd-list-row>`;
  }
}

customElements.define("admin-tablets", AdminTablets);
