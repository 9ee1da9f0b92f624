// Why it exists: opening hours drive every deadline, so a branch's hours and days off are kept right here (D-K3).
import { html, nothing } from "../../vendor/lit.js";
import { newId } from "../lib/ids.js";
import { Part } from "../parts/part.js";
import { formProblems, saveRecord } from "./admin-save.js";
import { session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const NAMES = ["code", "name", "short_name", "brand", "region", "hotline", "address", "open", "close", "lunch_from", "lunch_to", "holidays_closed", "active"];
const WEEK = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const FRESH = { open: "08:30", close: "18:00", lunch_from: "12:00", lunch_to: "13:30", holidays_closed: false, active: true };

/** Branches, and the dialog of one. */
export class AdminBranches extends Part {
  static properties = {
    branches: { attribute: false },
    staff: { attribute: false },
    opened: { state: true },
    doc: { state: true },
    problems: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc[]} */
    this.branches = [];
    /** @type {Doc[]} */
    this.staff = [];
    /** @type {Doc | null} as it was opened; null: a new one */
    this.opened = null;
    /** @type {Doc | null} null: no dialog */
    this.doc = null;
    /** @type {import("../parts/types.js").Problem[]} */
    this.problems = [];
    this.busy = false;
  }

  render() {
    return html`<div class="cluster cluster-end"><button class="btn btn-primary" type="button" @click=${() => this.edit(null)}><cd-icon name="plus"></cd-icon>新增门店</button></div>
      ${this.branches.length ? html`<div class="list">${this.branches.map((branch) => this.line(branch))}</div>` : html`<cd-empty heading="还没有门店"></cd-empty>`}
      ${this.dialog()}`;
  }

  /** @param {Doc} branch */
  line(branch) {
    const off = (branch.days_off ?? []).map((/** @type {number} */ day) => WEEK[day]).join("、");
    const people = this.staff.filter((one) => one.active && one.posts.some((/** @type {Doc} */ post) => post.branch === branch.code)).length;
    const words = [branch.code, `${branch.open}–${branch.close}，午休 ${branch.lunch_from}–${branch.lunch_to}`, off ? `${off}休息` : "每天营业", `${people} 人`].join(" · ");
    return html`<cd-list-row .heading=${branch.name} .note=${words} .meta=${branch.active ? "" : html`<span class="badge">已停业</span>`} @cd-open=${() => this.edit(branch)}></cd-list-row>`;
  }

  /** @param {Doc | null} branch */
  edit(branch) {
    Object.assign(this, { opened: branch, doc: structuredClone(branch ?? { id: newId(), ...FRESH }), problems: [] });
  }

  dialog() {
    const { doc } = this;
    const actions = html`<button class="btn btn-primary btn-large" type="button" ?disabled=${this.busy} @click=${() => this.store()}>保存</button>`;
    return html`<cd-dialog wide .open=${doc !== null} .heading=${this.opened?.name ?? "新增门店"} .body=${doc ? this.body(doc) : nothing} .actions=${actions} @cd-close=${() => (this.doc = null)}></cd-dialog>`;
  }

  /** @param {Doc} doc */
  body(doc) {
    const change = (/** @type {CustomEvent<{doc: Doc}>} */ { detail }) => (this.doc = { ...detail.doc, id: doc.id, days_off: this.doc?.days_off ?? null, deputies: doc.deputies ?? null });
    return html`<div class="stack"><cd-form .schema=${session.schema} record="branch" .names=${NAMES.filter((name) => name !== "code" || !this.opened)} .value=${doc} .problems=${this.problems} columns="2" @cd-change=${change} @cd-submit=${() => this.store()}></cd-form>
      <fieldset class="field"><legend class="field-label">每周休息日</legend><div class="cluster">${WEEK.map((name, day) => html`<button class="chip" type="button" aria-pressed=${(doc.days_off ?? []).includes(day)} @click=${() => this.toggle(day)}>${name}</button>`)}</div></fieldset></div>`;
  }

  /** @param {number} day 0 = Monday */
  toggle(day) {
    const days = /** @type {number[]} */ (this.doc?.days_off ?? []);
    const next = days.includes(day) ? days.filter((one) => one !== day) : [...days, day].sort();
    this.doc = { ...this.doc, days_off: next };
  }

  async store() {
    const doc = /** @type {Doc} */ (this.doc);
    this.busy = true;
    try {
      await saveRecord("branch", this.opened, doc, `门店 ${doc.name}`);
      this.doc = null;
    } catch (error) {
      this.problems = formProblems(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("admin-branches", AdminBranches);
