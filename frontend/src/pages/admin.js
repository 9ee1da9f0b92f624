// Why it exists: who works where, which branches there are, and which tablets are out, in one place (D-P12): all of it for
// the administrator, the tablets for those who answer for them.
import { html } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { navigate } from "../lib/router.js";
import { Page } from "./page.js";
import { refs, roles } from "./session.js";
import "./admin-branches.js";
import "./admin-staff.js";
import "./admin-tablets.js";
import "./filling-list.js";

/** @typedef {import("./session.js").Doc} Doc */

const TABS = { staff: "员工", branches: "门店", tablets: "平板" };
const KEEPERS = ["cs_manager", "service_manager", "sales_manager", "general_manager", "hq_operator", "hq_auditor"];

/** 管理: three lists, or the one of tablets. */
export class PageAdmin extends Page {
  async load() {
    const [staff, branches, fillings] = await Promise.all([refs("staff"), refs("branch"), app.group_fillings()]);
    return { staff, fillings, branches: [...branches].sort((a, b) => a.code.localeCompare(b.code)) };
  }

  moved() {
    this.requestUpdate();
  }

  get tab() {
    if (!roles().includes("admin")) return "tablets";
    return Object.hasOwn(TABS, this.query.tab ?? "") ? String(this.query.tab) : "staff";
  }

  /** @param {Doc} data */
  view({ staff, branches, fillings }) {
    if (!roles().includes("admin")) return this.tablets(branches);
    return html`<div class="page">
      <cd-page-head heading="管理" .note=${`${branches.length} 家门店，${staff.filter((/** @type {Doc} */ one) => one.active).length} 位在职员工`}></cd-page-head>
      <filling-list group .items=${fillings}></filling-list>
      <div class="tabs" role="tablist" aria-label="管理" @keydown=${this.onKey}>${Object.entries(TABS).map(([tab, text]) => this.head(tab, text))}</div>
      <div class="stack" role="tabpanel" id="admin-panel" aria-labelledby="admin-${this.tab}">${this.panel(staff, branches)}</div></div>`;
  }

  /** @param {Doc[]} branches */
  tablets(branches) {
    const may = roles().some((role) => KEEPERS.includes(role));
    return html`<div class="page"><cd-page-head heading="平板" .note=${may ? "谁在用、有没有没上传的内容；丢了可以停用" : ""}></cd-page-head>
      ${may ? html`<admin-tablets .branches=${branches}></admin-tablets>` : html`<cd-empty kind="denied"></cd-empty>`}</div>`;
  }

  /** @param {string} tab @param {string} text */
  head(tab, text) {
    const on = tab === this.tab;
    return html`<button role="tab" type="button" id="admin-${tab}" aria-selected=${on} aria-controls="admin-panel" tabindex=${on ? 0 : -1}
      @click=${() => navigate(`/admin?tab=${tab}`, { replace: true })}>${text}</button>`;
  }

  /** @param {Doc[]} staff @param {Doc[]} branches */
  panel(staff, branches) {
    if (this.tab === "branches") return html`<admin-branches .branches=${branches} .staff=${staff}></admin-branches>`;
    if (this.tab === "tablets") return html`<admin-tablets .branches=${branches}></admin-tablets>`;
    return html`<admin-staff .staff=${staff} .branches=${branches}></admin-staff>`;
  }

  /** Arrow keys move between the tabs. @param {KeyboardEvent} event */
  async onKey(event) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const names = Object.keys(TABS);
    const tab = names[(names.indexOf(this.tab) + by + names.length) % names.length];
    await navigate(`/admin?tab=${tab}`, { replace: true });
    await this.updateComplete;
    document.getElementById(`admin-${tab}`)?.focus();
  }
}

customElements.define("page-admin", PageAdmin);
