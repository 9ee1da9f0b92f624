// Why it exists: long work shows how far it is and can be left.
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { define, Part, uid } from "./part.js";

/** `value` 0–100, or null while it is unknown; emits `cd-cancel`. */
export class CdProgress extends Part {
  static properties = { value: { type: Number }, label: {}, detail: {}, cancel: { type: Boolean } };

  constructor() {
    super();
    /** @type {number | null} */
    this.value = null;
    this.label = this.detail = "";
    this.cancel = false;
    this.partId = uid("progress");
  }

  render() {
    const known = this.value !== null;
    const percent = Math.floor(this.value ?? 0);
    return html`<div class="progress">
      <p class="spread"><span id=${this.partId}>${this.label}</span>${known ? html`<b class="num">${percent}%</b>` : nothing}</p>
      <progress class="progress-line" aria-labelledby=${this.partId} max="100" value=${known ? percent : nothing}></progress>
      ${this.detail ? html`<p class="muted t-14 num">${this.detail}</p>` : nothing}
      ${this.cancel ? html`<button class="btn btn-quiet" type="button" @click=${() => this.emit("cd-cancel")}>${T.progress.cancel}</button>` : nothing}
    </div>`;
  }
}

define("cd-progress", CdProgress);
