// Why it exists: a file or a complaint reads as a story: who wrote what when, with signatures, rounds apart (D-K2).
import { html, nothing } from "../../vendor/lit.js";
import { dayText, instantText, timeText, toMs } from "../lib/format.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { signatureTemplate } from "./signature-svg.js";
import { define, Part } from "./part.js";

/**
 * @typedef {object} Item
 * @property {string} id @property {string} at instant it happened, or a date @property {string} title
 * @property {string} [who] @property {string} [role] label of the role @property {boolean} [deputy]
 * @property {string} [text] @property {[string, unknown][]} [facts]
 * @property {string} [entered_at] @property {string} [synced_at] @property {boolean} [pending]
 * @property {string} [signature] @property {boolean} [on_paper] @property {number} [round]
 * @property {string} [level] @property {string} [icon] @property {string} [href] @property {unknown} [body]
 */

const SAME_MS = 60_000;

/** A story in the given order; a new `round` is set apart. */
export class CdTimeline extends Part {
  static properties = { items: { attribute: false }, now: {} };

  constructor() {
    super();
    /** @type {Item[]} */
    this.items = [];
    /** @type {string | number | undefined} */
    this.now = undefined;
  }

  render() {
    return html`<ol class="timeline">${this.items.map((item, i) => {
      const turned = item.round !== undefined && item.round !== this.items[i - 1]?.round;
      return html`${turned ? html`<li class="timeline-round"><span>${T.timeline.round(item.round ?? 1)}</span></li>` : nothing}${this.entry(item)}`;
    })}</ol>`;
  }

  /** @param {Item} item */
  entry(item) {
    const who = [item.role, item.who].filter(Boolean).join(" ");
    const title = item.href ? html`<a href=${item.href}>${item.title}</a>` : item.title;
    return html`<li class="timeline-item" data-level=${item.level || nothing}>
      <span class="timeline-sign">${icon(item.icon ?? "circle-dot")}</span>
      <div class="timeline-body">
        <p class="timeline-head"><b>${title}</b><span class="timeline-when num">${this.when(item.at)}</span></p>
        ${who ? html`<p class="timeline-who">${who}${item.deputy ? html`<span class="badge" data-level="soon">${icon("users")}${T.timeline.deputy}</span>` : nothing}</p>` : nothing}
        ${item.text ? html`<p class="timeline-text">${item.text}</p>` : nothing}
        ${item.facts?.length ? this.facts(item.facts) : nothing} ${item.body ?? nothing}
        ${item.signature ? signatureTemplate(item.signature, T.signature.of(item.who ?? "")) : nothing}
        ${item.on_paper ? html`<p class="badge">${icon("file-check")}${T.timeline.onPaper}</p>` : nothing}
        ${this.trail(item)}
      </div>
    </li>`;
  }

  /** @param {[string, unknown][]} facts */
  facts(facts) {
    return html`<dl class="kv">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }

  /** @param {string} at */
  when(at) {
    return at.length === 10 ? dayText(at, this.now) : instantText(at, this.now);
  }

  /** Entered and uploaded are told when they differ from when it happened. @param {Item} item */
  trail(item) {
    const later = (/** @type {string | undefined} */ at) => at && toMs(at) - toMs(item.at) > SAME_MS;
    const parts = [
      later(item.entered_at) ? `${T.timeline.entered} ${this.near(item.entered_at ?? "", item.at)}` : "",
      item.synced_at ? `${T.timeline.uploaded} ${this.near(item.synced_at, item.at)}` : "",
    ].filter(Boolean);
    const waiting = html`<span class="info">${icon("cloud-upload")}${T.timeline.pending}</span>`;
    if (!parts.length && !item.pending) return nothing;
    return html`<p class="timeline-trail num">${parts.join(" · ")}${item.pending ? waiting : nothing}</p>`;
  }

  /** Only the time on the day it happened. @param {string} at @param {string} than */
  near(at, than) {
    return dayText(at, than) === "今天" ? timeText(at) : instantText(at, this.now);
  }
}

define("cd-timeline", CdTimeline);
