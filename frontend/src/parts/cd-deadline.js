// Why it exists: a deadline is told in words people use; elapsed and working time are one tap away (D-K3).
import { html, nothing } from "../../vendor/lit.js";
import { deadlineWords, durationText, instantText, minutesBetween, toMs } from "../lib/format.js";
import { T } from "../lib/texts.js";
import { icon, LEVEL_ICONS } from "./cd-icon.js";
import { define, Part, uid } from "./part.js";
import { openNear } from "./popover.js";

const TICK_MS = 30_000;

/** Chip of a deadline; give `due` and the rest, or `.clock`. Without `now` it follows the time by itself. */
export class CdDeadline extends Part {
  static properties = {
    due: {},
    now: {},
    state: {},
    started: {},
    stopped: {},
    working: { type: Number },
    label: {},
    plain: { type: Boolean },
    clock: { attribute: false },
  };

  constructor() {
    super();
    this.due = this.state = this.started = this.stopped = this.label = "";
    /** @type {string | number | null} */
    this.now = null;
    /** @type {number | null} */
    this.working = null;
    this.plain = false;
    /** @type {import("./types.js").Clock | null} */
    this.clock = null;
    this.popId = uid("deadline");
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.now === null && this.requestUpdate(), TICK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  /** The clock's row, or the single properties in the same shape. @returns {import("./types.js").Clock} */
  facts() {
    const { due, state, started, stopped, label, working } = this;
    return this.clock ?? {
      due_at: due, state, label, started_at: started, stopped_at: stopped || null, working_minutes: working ?? undefined,
    };
  }

  render() {
    const facts = this.facts();
    if (!facts.due_at) return nothing;
    const now = this.now ?? Date.now();
    const { text, level } = deadlineWords({ due: facts.due_at, now, state: facts.state, stopped: facts.stopped_at });
    const chip = html`<span class="chip-deadline" data-level=${level}>${icon(LEVEL_ICONS[level] ?? "clock")}${text}</span>`;
    if (this.plain) return chip;
    return html`<button class="deadline" type="button" aria-haspopup="dialog" @click=${this.toggle}>
        ${facts.label ? html`<span class="sr-only">${facts.label}：</span>` : nothing}${chip}
      </button>
      <div class="pop" id=${this.popId} popover>${this.details(facts, now)}</div>`;
  }

  /** @param {import("./types.js").Clock} facts @param {string | number} now */
  details(facts, now) {
    const end = facts.stopped_at ?? now;
    const left = Math.floor((toMs(facts.due_at) - toMs(end)) / 60_000);
    const rows = [
      [facts.started_at && T.deadline.started, instantText(facts.started_at, now)],
      [T.deadline.due, instantText(facts.due_at, now)],
      [left < 0 ? T.deadline.over : T.deadline.left, durationText(left)],
      [facts.started_at && T.deadline.elapsed, durationText(minutesBetween(facts.started_at || end, end))],
      [facts.working_minutes !== undefined && T.deadline.working, durationText(facts.working_minutes ?? 0)],
    ];
    return html`${facts.label ? html`<p class="strong">${facts.label}</p>` : nothing}
      <dl class="kv">${rows.filter(([name]) => name).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
  }

  /** @param {Event} event */
  toggle(event) {
    event.stopPropagation();
    const pop = this.querySelector(".pop");
    if (pop instanceof HTMLElement && event.currentTarget instanceof HTMLElement) openNear(pop, event.currentTarget);
  }
}

define("cd-deadline", CdDeadline);
