// Why it exists: help during a call lies at the right, on demand: special situations, manners, complaint talk, notes
// (D-S1, D-S4, D-S5, D-S9).
import { html, nothing } from "../../vendor/lit.js";
import { Part } from "../parts/part.js";
import { session } from "./session.js";
import { fill } from "./wording.js";

/** @typedef {import("./session.js").Doc} Doc */

/** @type {[string, string][]} */
const TABS = [["special", "特殊情况"], ["manners", "礼仪"], ["complaint", "投诉沟通"], ["note", "备注"]];

/** Tabs of wording; `cd-note` {note} and `cd-again` {call_again} go to the call's draft. */
export class CallSide extends Part {
  static properties = {
    scripts: { attribute: false },
    words: { attribute: false },
    note: {},
    again: { type: Boolean },
    tab: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc[]} the newest version of each script */
    this.scripts = [];
    /** @type {Record<string, string>} */
    this.words = {};
    this.note = "";
    this.again = false;
    this.tab = "special";
  }

  render() {
    return html`<div class="tabs" role="tablist" aria-label="通话参考">${TABS.map(([key, text]) => html`<button role="tab"
      type="button"
        id="side-${key}" aria-selected=${this.tab === key} aria-controls="side-panel" tabindex=${this.tab === key ? 0 : -1}
        @click=${() => (this.tab = key)} @keydown=${this.key}>${text}</button>`)}</div>
      <div class="stack-s" id="side-panel" role="tabpanel" aria-labelledby="side-${this.tab}">${this.panel()}</div>`;
  }

  /** @param {KeyboardEvent} event arrows move between the tabs */
  key(event) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const at = TABS.findIndex(([key]) => key === this.tab);
    this.tab = TABS.at((at + by) % TABS.length)?.[0] ?? "special";
    void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector(`#side-${this.tab}`))?.focus());
  }

  panel() {
    if (this.tab === "note") return this.notes();
    const found = this.scripts.filter((script) => script.kind === this.tab);
    return html`${this.tab === "manners" ? this.guard() : nothing}
      ${found.map((script) => (this.tab === "special" ? this.situation(script) : script.sections.map((/** @type {Doc} */ s) => this.section(s))))}
      ${found.length ? nothing : html`<p class="muted">总部还没有发布这一类话术。</p>`}`;
  }

  /** What is never asked (D-S4). */
  guard() {
    const phrases = /** @type {Doc[]} */ (session.schema?.lists?.forbidden_phrases?.items ?? []);
    return html`<cd-card level="soon" heading="不要这样问、这样说" .body=${html`
      <div class="cluster">${phrases.map((item) => html`<span class="badge">${item.label}</span>`)}</div>
      <p class="muted t-14">不解释、不争辩。记下原话，答应请对口的同事回电，问好时间，勾选「需要再次回访」。</p>`}></cd-card>`;
  }

  /** One situation: what to do, and how to word it. @param {Doc} script */
  situation(script) {
    return html`<details class="fold" name="situation"><summary>${script.title}</summary>
      <div class="stack-s">${script.sections.map((/** @type {Doc} */ section) => html`<section class="stack-s">
        <h3 class="t-14 muted">${section.heading}</h3><p class="pre">${fill(section.text, this.words)}</p>
        ${section.hint ? html`<p class="muted t-14">${section.hint}</p>` : nothing}</section>`)}</div></details>`;
  }

  /** @param {Doc} section */
  section(section) {
    return html`<details class="fold" name="section"><summary>${section.heading}</summary>
      <p class="pre">${fill(section.text, this.words)}</p>
      ${section.hint ? html`<p class="muted t-14">${section.hint}</p>` : nothing}</details>`;
  }

  notes() {
    const typed = (/** @type {Event & {target: HTMLTextAreaElement}} */ event) => this.emit("cd-note", { note: event.target.value });
    return html`<div class="field"><label class="field-label" for="call-note">通话备注</label>
        <p class="field-help">客户提到的事、答应过的事、方便的时间，都记在这里。</p>
        <textarea class="input" autocomplete="off" id="call-note" rows="6" maxlength="1000" .value=${this.note} @input=${typed}></textarea></div>
      ${againChip(this.again, (on) => this.emit("cd-again", { call_again: on }))}`;
  }
}

/** 「需要再次回访」 (D-S4). @param {boolean} on @param {(on: boolean) => void} put */
export const againChip = (on, put) => html`<button class="chip" type="button" aria-pressed=${on} @click=${() => put(!on)}>
  <cd-icon name="rotate-ccw"></cd-icon>需要再次回访</button>`;

customElements.define("call-side", CallSide);
