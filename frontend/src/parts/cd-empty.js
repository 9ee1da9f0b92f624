// Why it exists: nothing to show is a state of its own: it says why, and what to do next.
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";

/** @typedef {"empty" | "done" | "offline" | "absent" | "error" | "much" | "search" | "denied"} Kind */

/** @type {Record<Kind, string>} */
const ICONS = {
  empty: "inbox", done: "sparkles", offline: "cloud-off", absent: "cloud-download", error: "triangle-alert", much: "layers",
  search: "search", denied: "lock",
};

/** A designed empty state; texts have defaults by `kind`. */
export class CdEmpty extends Part {
  static properties = { kind: {}, heading: {}, text: {}, actions: { attribute: false } };

  constructor() {
    super();
    /** @type {Kind} */
    this.kind = "empty";
    this.heading = this.text = "";
    /** @type {unknown} */
    this.actions = null;
  }

  render() {
    const [heading, text] = T.empty[this.kind] ?? T.empty.empty;
    const words = this.text || (this.heading ? "" : text);
    return html`<div class="empty" data-kind=${this.kind} role=${this.kind === "error" ? "alert" : nothing}>
      <span class="empty-sign">${icon(ICONS[this.kind] ?? "inbox")}</span>
      <p class="empty-heading">${this.heading || heading}</p>
      ${words ? html`<p class="empty-text">${words}</p>` : nothing}
      ${this.actions ? html`<div class="cluster">${this.actions}</div>` : nothing}
    </div>`;
  }
}

define("cd-empty", CdEmpty);
