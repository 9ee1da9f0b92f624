// Why it exists: people join, change posts and leave; each of them is found, added and changed here (D-P1 … D-P12).
import { html, nothing } from "../../vendor/lit.js";
import { Part } from "../parts/part.js";
import { label } from "./session.js";
import "./admin-person.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Staff by branch, with search. */
export class AdminStaff extends Part {
  static properties = { staff: { attribute: false }, branches: { attribute: false }, text: { state: true }, gone: { state: true }, open: { state: true } };

  constructor() {
    super();
    /** @type {Doc[]} */
    this.staff = [];
    /** @type {Doc[]} */
    this.branches = [];
    this.text = "";
    /** show people who left, too */
    this.gone = false;
    /** @type {Doc | "new" | null} */
    this.open = null;
  }

  /** @param {Doc} person */
  found(person) {
    const text = this.text.toLowerCase();
    const words = [person.name, person.username, person.title ?? "", ...person.posts.map((/** @type {Doc} */ post) => label("role", post.role))];
    return (person.active || this.gone) && (!text || words.some((word) => word.toLowerCase().includes(text)));
  }

  render() {
    const shown = this.staff.filter((person) => this.found(person));
    const places = [{ code: "*", name: "总部" }, ...this.branches];
    return html`<div class="spread">
        <cd-search class="grow" label="搜索员工" placeholder="姓名、账号或岗位" .value=${this.text} .count=${this.text ? shown.length : null}
          @cd-search=${(/** @type {CustomEvent<{text: string}>} */ { detail }) => (this.text = detail.text)}></cd-search>
        <button class="chip" type="button" aria-pressed=${this.gone} @click=${() => (this.gone = !this.gone)}>含已离职</button>
        <button class="btn btn-primary" type="button" @click=${() => (this.open = "new")}><cd-icon name="plus"></cd-icon>新增员工</button></div>
      ${shown.length ? places.map((place) => this.place(place, shown)) : html`<cd-empty kind="search" heading="没有找到" text="换个写法，或点「含已离职」再找。"></cd-empty>`}
      <admin-person .person=${this.open === "new" ? null : this.open} .open=${this.open !== null} .branches=${this.branches} .staff=${this.staff}
        @cd-close=${() => (this.open = null)}></admin-person>`;
  }

  /** @param {{code: string, name: string} | Doc} place @param {Doc[]} shown */
  place(place, shown) {
    const here = shown.filter((person) => person.posts.some((/** @type {Doc} */ post) => post.branch === place.code));
    here.sort((a, b) => a.username.localeCompare(b.username));
    if (!here.length) return nothing;
    return html`<section class="stack-s" aria-label=${place.name}><h2 class="section-title">${place.name} <span class="count num">${here.length}</span></h2>
      <div class="list">${here.map((person) => this.line(person, place.code))}</div></section>`;
  }

  /** @param {Doc} person @param {string} place */
  line(person, place) {
    const posts = person.posts.filter((/** @type {Doc} */ post) => post.branch === place).map((/** @type {Doc} */ post) => label("role", post.role));
    const meta = person.active ? "" : html`<span class="badge">已离职</span>`;
    return html`<cd-list-row .heading=${person.name} .note=${`${posts.join("、")} · ${person.username}`} .meta=${meta} @cd-open=${() => (this.open = person)}></cd-list-row>`;
  }
}

customElements.define("admin-staff", AdminStaff);
