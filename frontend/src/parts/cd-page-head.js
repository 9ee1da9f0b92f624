// Why it exists: each page begins alike: the way back, what this is, and its few actions.
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";

/** Head of a page or a pane. `back` is an address; it shows in portrait only unless `always-back`. */
export class CdPageHead extends Part {
  static properties = {
    heading: {},
    note: {},
    back: {},
    alwaysBack: { type: Boolean, attribute: "always-back" },
    actions: { attribute: false },
  };

  constructor() {
    super();
    this.heading = "";
    this.note = "";
    this.back = "";
    this.alwaysBack = false;
    /** @type {unknown} */
    this.actions = null;
  }

  render() {
    const back = html`<a class="btn-icon page-back" data-always=${this.alwaysBack ? "yes" : nothing} href=${this.back}
      aria-label=${T.back}>${icon("arrow-left")}</a>`;
    return html`<div class="page-head">
      ${this.back ? back : nothing}
      <div class="page-head-text">
        <h1 class="page-title">${this.heading}</h1>
        ${this.note ? html`<p class="page-note">${this.note}</p>` : nothing}
      </div>
      ${this.actions ? html`<div class="cluster cluster-end">${this.actions}</div>` : nothing}
    </div>`;
  }
}

define("cd-page-head", CdPageHead);
