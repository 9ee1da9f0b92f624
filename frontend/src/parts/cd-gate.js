// Why it exists: before anyone dials, one card says whether and how this customer may be contacted (D-G1 to D-G6).
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon, LEVEL_ICONS } from "./cd-icon.js";
import { define, Part, uid } from "./part.js";

/** @typedef {{allow: boolean, cards: {code: string, level: "stop" | "warn" | "info", text: string}[]}} Gate */

/** @type {Record<string, number>} */
const ORDER = { stop: 0, warn: 1, info: 2 };

/** The contact card; the worst comes first. */
export class CdGate extends Part {
  static properties = { gate: { attribute: false }, last: {}, body: { attribute: false } };

  constructor() {
    super();
    /** @type {Gate | null} */
    this.gate = null;
    this.last = "";
    /** @type {unknown} */
    this.body = null;
    this.partId = uid("gate");
  }

  render() {
    if (!this.gate) return nothing;
    const { allow, cards } = this.gate;
    const sorted = [...cards].sort((a, b) => (ORDER[a.level] ?? 9) - (ORDER[b.level] ?? 9));
    const level = allow ? (cards.some((card) => card.level === "warn") ? "soon" : "done") : "late";
    return html`<section class="gate" data-level=${level} aria-labelledby=${this.partId}>
      <h3 class="gate-title" id=${this.partId}>${T.gate.title}</h3>
      <p class="gate-answer">${icon(allow ? "phone" : "phone-off")}<b>${allow ? T.gate.ok : T.gate.stop}</b>
        ${this.last ? html`<span class="muted">${this.last}</span>` : nothing}</p>
      ${sorted.length ? html`<ul class="gate-cards">${sorted.map(
        (card) => html`<li data-level=${card.level}>${icon(LEVEL_ICONS[card.level] ?? "info")}<span>${card.text}</span></li>`,
      )}</ul>` : nothing}
      ${this.body ?? nothing}
    </section>`;
  }
}

define("cd-gate", CdGate);
