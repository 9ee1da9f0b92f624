// Why it exists: a short question or a detail over the page; the browser's own <dialog> keeps focus and Esc right.
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part, uid } from "./part.js";

/** Modal dialog; emits `cd-close` when the user leaves it. The page sets `open`. */
export class CdDialog extends Part {
  static properties = {
    open: { type: Boolean },
    heading: {},
    body: { attribute: false },
    actions: { attribute: false },
    wide: { type: Boolean },
  };

  constructor() {
    super();
    this.open = this.wide = false;
    this.heading = "";
    /** @type {unknown} */
    this.body = null;
    /** @type {unknown} */
    this.actions = null;
    this.partId = uid("dialog");
  }

  render() {
    return html`<dialog class="dialog" data-wide=${this.wide ? "yes" : nothing} aria-labelledby=${this.partId}
      @close=${this.closed} @click=${this.backdrop}>
      <div class="dialog-box">
        <header class="dialog-head">
          <h2 id=${this.partId}>${this.heading}</h2>
          <button class="btn-icon" type="button" aria-label=${T.dialog.close} @click=${this.close}>${icon("x")}</button>
        </header>
        <div class="dialog-body">${this.open ? this.body : nothing}</div>
        ${this.actions ? html`<footer class="dialog-actions">${this.actions}</footer>` : nothing}
      </div>
    </dialog>`;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (!changed.has("open")) return;
    const dialog = this.querySelector("dialog");
    if (this.open && dialog && !dialog.open) dialog.showModal();
    if (!this.open && dialog?.open) dialog.close();
  }

  close() {
    this.querySelector("dialog")?.close();
  }

  closed() {
    if (!this.open) return;
    this.open = false;
    this.emit("cd-close");
  }

  /** @param {MouseEvent} event a tap outside the box */
  backdrop(event) {
    if (event.target instanceof HTMLDialogElement) this.close();
  }
}

define("cd-dialog", CdDialog);
