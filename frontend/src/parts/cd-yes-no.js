// Why it exists: a question is answered with one tap, 是 or 否; 否 asks for the reason, praise may be written down (D-S2).
import { html, live, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part, uid } from "./part.js";

/** @typedef {"yes" | "no" | "na"} Answer */

const JOIN = "；";
/** @type {Record<string, Answer>} */
const KEYS = { 1: "yes", 2: "no", 3: "na" };

/** Emits `cd-answer` {question, value, reason, praise} on every change and `cd-next` on Enter. */
export class CdYesNo extends Part {
  static properties = {
    question: {},
    text: {},
    hint: {},
    reasons: { attribute: false },
    value: {},
    reason: {},
    praise: {},
    na: { type: Boolean },
    keys: { type: Boolean },
    problem: {},
    praising: { state: true },
  };

  constructor() {
    super();
    this.question = this.text = this.hint = this.problem = "";
    /** @type {string[]} */
    this.reasons = [];
    /** @type {Answer | null} */
    this.value = null;
    /** @type {string | null} */
    this.reason = null;
    /** @type {string | null} */
    this.praise = null;
    this.na = this.keys = this.praising = false;
    this.partId = uid("answer");
    this.onKey = this.onKey.bind(this);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("keydown", this.onKey);
  }

  disconnectedCallback() {
    removeEventListener("keydown", this.onKey);
    super.disconnectedCallback();
  }

  /** @param {Map<PropertyKey, unknown>} changed another question folds the praise field again */
  willUpdate(changed) {
    if (changed.has("question")) this.praising = Boolean(this.praise);
  }

  render() {
    return html`<div class="answer" role="group" aria-labelledby=${this.partId}>
      <p class="call-say" id=${this.partId}>${this.text}</p>
      ${this.hint ? html`<p class="answer-hint">${icon("info")}${this.hint}</p>` : nothing}
      <div class="answer-keys">
        ${this.big("yes", "thumbs-up")} ${this.big("no", "thumbs-down")} ${this.na ? this.big("na", "minus") : nothing}
      </div>
      ${this.value === "no" ? this.reasonTemplate() : nothing} ${this.value === "yes" ? this.praiseTemplate() : nothing}
      ${this.keys ? html`<p class="answer-legend">${T.answer.keys}</p>` : nothing}
    </div>`;
  }

  /** @param {Answer} value @param {string} sign */
  big(value, sign) {
    return html`<button class="answer-key" data-answer=${value} type="button" aria-pressed=${this.value === value}
      @click=${() => this.answer(value)}>${icon(sign)}${T.answer[value]}</button>`;
  }

  reasonTemplate() {
    const chosen = (this.reason ?? "").split(JOIN);
    const input = (/** @type {Event & {target: HTMLTextAreaElement}} */ event) => this.say({ reason: event.target.value || null });
    const id = `${this.partId}-reason`;
    return html`<div class="field" data-bad=${this.problem ? "yes" : nothing}>
      <label class="field-label" for=${id}>${T.answer.reason}<span class="field-must" aria-hidden="true">*</span></label>
      <p class="field-help">${T.answer.reasonHelp}</p>
      ${this.problem ? html`<p class="field-problem">${icon("circle-alert")}${this.problem}</p>` : nothing}
      <div class="cluster">${this.reasons.map(
        (text) => html`<button class="chip" type="button" aria-pressed=${chosen.includes(text)} @click=${() => this.chip(text)}>${text}</button>`,
      )}</div>
      <textarea class="input" autocomplete="off" id=${id} rows="2" aria-required="true" .value=${live(this.reason ?? "")} @input=${input}></textarea>
    </div>`;
  }

  praiseTemplate() {
    if (!this.praising) {
      return html`<button class="btn btn-quiet" type="button" @click=${() => (this.praising = true)}>${icon("heart")}${T.answer.praise}</button>`;
    }
    const input = (/** @type {Event & {target: HTMLTextAreaElement}} */ event) => this.say({ praise: event.target.value || null });
    return html`<div class="field"><label class="field-label" for="${this.partId}-praise">${T.answer.praiseLabel}</label>
      <textarea class="input" autocomplete="off" id="${this.partId}-praise" rows="2" .value=${live(this.praise ?? "")} @input=${input}></textarea></div>`;
  }

  /** @param {Answer} value */
  answer(value) {
    this.say({ value, reason: value === "no" ? this.reason : null, praise: value === "yes" ? this.praise : null });
  }

  /** @param {string} text a frequent reason goes in or out */
  chip(text) {
    const parts = (this.reason ?? "").split(JOIN).filter(Boolean);
    const next = parts.includes(text) ? parts.filter((part) => part !== text) : [...parts, text];
    this.say({ reason: next.join(JOIN) || null });
  }

  /** @param {{value?: Answer, reason?: string | null, praise?: string | null}} change */
  say(change) {
    Object.assign(this, change);
    const { question, value, reason, praise } = this;
    this.emit("cd-answer", { question, value, reason, praise });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const busy = !this.keys || event.isComposing || event.ctrlKey || event.metaKey || event.altKey;
    if (busy || document.querySelector("dialog:modal")) return;
    const at = event.target;
    const typing = at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement || at instanceof HTMLSelectElement;
    const value = KEYS[event.key];
    if (event.key === "Enter" && !event.shiftKey && (!typing || this.contains(at)) && !this.isButton(at)) {
      event.preventDefault();
      this.emit("cd-next");
    } else if (value && !typing && (value !== "na" || this.na)) {
      event.preventDefault();
      this.answer(value);
    }
  }

  /** @param {EventTarget | null} at Enter on another button or link stays that button's own */
  isButton(at) {
    return at instanceof HTMLElement && Boolean(at.closest("button:not(.answer-key), a[href], summary"));
  }
}

define("cd-yes-no", CdYesNo);
