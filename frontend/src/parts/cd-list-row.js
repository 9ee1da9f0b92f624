// Why it exists: lists of cars, calls and complaints read alike: plate first, one line, what it waits for.
import { classMap, html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon, LEVEL_ICONS } from "./cd-icon.js";
import { define, Part } from "./part.js";
import "./cd-deadline.js";
import "./cd-plate.js";

/** One row; a link with `href`, else a button that emits `cd-open`. The deadline chip is a target of its own. */
export class CdListRow extends Part {
  static properties = {
    href: {},
    plate: {},
    heading: {},
    note: {},
    meta: {},
    level: {},
    due: {},
    now: {},
    clock: { attribute: false },
    current: { type: Boolean },
    strong: { type: Boolean },
    pending: { type: Boolean },
    body: { attribute: false },
  };

  constructor() {
    super();
    this.href = this.level = this.due = "";
    /** @type {string | null} null: a row without a car */
    this.plate = null;
    /** @type {unknown} text or template */
    this.heading = "";
    /** @type {unknown} */
    this.note = "";
    /** @type {unknown} */
    this.meta = "";
    /** @type {string | number | null} */
    this.now = null;
    /** @type {import("./types.js").Clock | null} */
    this.clock = null;
    this.current = this.strong = this.pending = false;
    /** @type {unknown} */
    this.body = null;
  }

  render() {
    const classes = classMap({ row: true, "is-current": this.current, "is-strong": this.strong });
    return html`<div class=${classes} data-level=${this.level || nothing}>
      ${this.main()}
      ${this.due || this.clock
        ? html`<cd-deadline class="row-due" .due=${this.due} .now=${this.now} .clock=${this.clock}></cd-deadline>`
        : nothing}
    </div>`;
  }

  main() {
    const inside = this.inside();
    const current = this.current ? "true" : nothing;
    if (this.href) return html`<a class="row-main" href=${this.href} aria-current=${current}>${inside}</a>`;
    const open = () => this.emit("cd-open");
    return html`<button class="row-main" type="button" aria-current=${current} @click=${open}>${inside}</button>`;
  }

  inside() {
    const timed = Boolean(this.due || this.clock);
    const sign = timed ? "" : LEVEL_ICONS[this.level];
    return html`
      ${sign ? html`<span class="row-sign ${this.level}">${icon(sign)}</span>` : nothing}
      <span class="row-text">
        <span class="row-top">
          ${this.plate === null ? nothing : html`<cd-plate .plate=${this.plate}></cd-plate>`}
          <span class="row-heading">${this.heading}</span>
        </span>
        ${this.note || this.pending ? html`<span class="row-note">${this.pending ? this.waiting() : nothing}${this.note}</span>` : nothing}
        ${this.body ?? nothing}
      </span>
      ${this.meta ? html`<span class="row-meta">${this.meta}</span>` : nothing}`;
  }

  waiting() {
    return html`<span class="row-pending info">${icon("cloud-upload", T.timeline.pending)}</span>`;
  }
}

define("cd-list-row", CdListRow);
