// Why it exists: a call shows where it stands: which question, how long, and the span it should take (D-S1: 5 to 8 minutes).
import { html, nothing, svg } from "../../vendor/lit.js";
import { clockText, toMs } from "../lib/format.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";

const SCALE_MINUTES = 10;

/** Progress line, timer and stepper; emits `cd-step` {index}. */
export class CdSteps extends Part {
  static properties = {
    steps: { attribute: false },
    current: { type: Number },
    started: {},
    span: { attribute: false },
    now: {},
  };

  constructor() {
    super();
    /** @type {{label: string, done?: boolean}[]} */
    this.steps = [];
    this.current = 0;
    this.started = "";
    this.span = [5, 8];
    /** @type {string | number | null} null: follows the time by itself */
    this.now = null;
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.started && this.now === null && this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  render() {
    const step = this.steps[this.current];
    return html`<div class="steps">
      ${this.arrow(-1, "chevron-left", T.steps.previous)}
      <div class="steps-middle">
        <p class="steps-text"><span class="num">${T.steps.of(this.current + 1, this.steps.length)}</span> <b>${step?.label ?? ""}</b></p>
        ${this.line()}
      </div>
      ${this.arrow(1, "chevron-right", T.steps.next)} ${this.started ? this.time() : nothing}
    </div>`;
  }

  /** @param {number} by @param {string} sign @param {string} label */
  arrow(by, sign, label) {
    const index = this.current + by;
    const end = index < 0 || index >= this.steps.length;
    return html`<button class="btn-icon" type="button" aria-label=${label} ?disabled=${end}
      @click=${() => this.emit("cd-step", { index })}>${icon(sign)}</button>`;
  }

  line() {
    const done = this.steps.filter((step) => step.done).length;
    const total = Math.max(1, this.steps.length);
    const part = 100 / total;
    return html`<svg class="steps-line" role="img" aria-label="${T.steps.progress} ${done}/${this.steps.length}">
      ${this.steps.map((step, i) => {
        const kind = i === this.current ? "is-here" : step.done ? "is-done" : "";
        return svg`<rect class=${kind} x="${i * part + 0.3}%" y="0" width="${Math.max(0.2, part - 0.6)}%" height="6" rx="3"></rect>`;
      })}
    </svg>`;
  }

  time() {
    const [from = 5, to = 8] = this.span;
    const passed = toMs(this.now ?? Date.now()) - toMs(this.started);
    const minutes = passed / 60_000;
    const at = Math.min(100, (minutes / SCALE_MINUTES) * 100);
    const over = minutes > to;
    const words = over ? T.steps.over(this.span) : T.steps.span(this.span);
    return html`<div class="steps-time" data-level=${over ? "soon" : nothing}>
      <p><span class="sr-only">${T.steps.time}</span><b class="num">${clockText(passed)}</b> <small>${over ? icon("hourglass") : nothing}${words}</small></p>
      <svg class="steps-span" aria-hidden="true">
        <rect class="span-all" x="0" y="0" width="100%" height="6" rx="3"></rect>
        <rect class="span-good" x="${from * 10}%" y="0" width="${(to - from) * 10}%" height="6"></rect>
        <rect class="span-at" x="0" y="0" width="${at}%" height="6" rx="3"></rect>
      </svg>
    </div>`;
  }
}

define("cd-steps", CdSteps);
