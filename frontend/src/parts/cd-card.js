// Why it exists: things that belong together sit on one surface, with a heading and their actions.
import { classMap, html, nothing } from "../../vendor/lit.js";
import { icon, LEVEL_ICONS } from "./cd-icon.js";
import { define, Part } from "./part.js";

/** A surface; with `href` its heading is a link that fills the card. */
export class CdCard extends Part {
  static properties = {
    heading: {},
    level: {},
    href: {},
    strong: { type: Boolean },
    body: { attribute: false },
    actions: { attribute: false },
  };

  constructor() {
    super();
    /** @type {unknown} text or template */
    this.heading = "";
    this.level = this.href = "";
    this.strong = false;
    /** @type {unknown} */
    this.body = null;
    /** @type {unknown} */
    this.actions = null;
  }

  render() {
    const classes = classMap({ card: true, "card--link": Boolean(this.href), "is-strong": this.strong });
    return html`<section class=${classes} data-level=${this.level || nothing}>
      ${this.heading ? this.head() : nothing}
      ${this.body ? html`<div class="card-body">${this.body}</div>` : nothing}
      ${this.actions ? html`<div class="card-actions">${this.actions}</div>` : nothing}
    </section>`;
  }

  head() {
    const sign = LEVEL_ICONS[this.level];
    const text = this.href ? html`<a class="card-link" href=${this.href}>${this.heading}</a>` : this.heading;
    return html`<h3 class="card-heading">${sign ? html`<span class=${this.level}>${icon(sign)}</span>` : nothing}${text}</h3>`;
  }
}

define("cd-card", CdCard);
