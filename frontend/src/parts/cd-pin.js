// Why it exists: six digits are typed with a thumb, on keys that are large enough, or on a keyboard; they are never shown.
import { html } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";

const LENGTH = 6;
const DIGITS = [..."123456789"];

/** A pad for a PIN; emits `cd-pin` with `{pin}` when it is complete, and begins anew. */
export class CdPin extends Part {
  static properties = { label: {}, busy: { type: Boolean }, typed: { state: true } };

  constructor() {
    super();
    this.label = "";
    this.busy = false;
    this.typed = "";
  }

  render() {
    const said = T.pin.typed(this.typed.length, LENGTH);
    return html`<div class="pin" role="group" aria-label=${this.label} tabindex="0" @keydown=${this.key}>
      <div class="pin-dots" aria-hidden="true">${Array.from({ length: LENGTH }, (_, i) => html`<span data-on=${i < this.typed.length ? "yes" : "no"}></span>`)}</div>
      <span class="sr-only" aria-live="polite">${this.busy ? T.pin.busy : said}</span>
      <div class="pin-keys">
        ${DIGITS.map((digit) => this.digit(digit))}<span></span>${this.digit("0")}
        <button class="pin-key" type="button" aria-label=${T.pin.back} ?disabled=${this.busy} @click=${this.back}>${icon("delete")}</button>
      </div>
    </div>`;
  }

  /** @param {string} digit */
  digit(digit) {
    return html`<button class="pin-key num" type="button" ?disabled=${this.busy} @click=${() => this.put(digit)}>${digit}</button>`;
  }

  /** @param {string} digit */
  put(digit) {
    if (this.busy) return;
    this.typed += digit;
    if (this.typed.length < LENGTH) return;
    const pin = this.typed;
    this.typed = "";
    this.emit("cd-pin", { pin });
  }

  back() {
    this.typed = this.typed.slice(0, -1);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (/^[0-9]$/.test(event.key)) this.put(event.key);
    else if (event.key === "Backspace") this.back();
    else return;
    event.preventDefault();
  }

  focus() {
    void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector(".pin"))?.focus());
  }
}

define("cd-pin", CdPin);
