// Why it exists: 「现在没空」 and 「改约时间」 ask only for the time, with the usual answers one tap away.
import { html } from "../../vendor/lit.js";
import { dayOf, inputInstant, instantInput, instantText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { problemsOf, save } from "./saving.js";

const HOUR = 3_600_000;

/** @param {number} now epoch ms @returns {{text: string, at: string}[]} usual times, all in the future */
export function usualTimes(now) {
  const at = (/** @type {number} */ days, /** @type {string} */ time) => {
    const day = dayOf(now + days * 24 * HOUR);
    return inputInstant(`${day}T${time}`) ?? "";
  };
  const iso = (/** @type {number} */ ms) => new Date(Math.ceil(ms / 300_000) * 300_000).toISOString();
  const times = [
    { text: "一小时后", at: iso(now + HOUR) },
    { text: "今天下午 3 点", at: at(0, "15:00") },
    { text: "今天下午 6 点", at: at(0, "18:00") },
    { text: "明天上午 10 点", at: at(1, "10:00") },
    { text: "明天下午 3 点", at: at(1, "15:00") },
    { text: "后天上午 10 点", at: at(2, "10:00") },
  ];
  return times.filter((one) => one.at > new Date(now).toISOString());
}

/** Chips and a free time; `cd-time` {at} tells the choice. */
export class TimeChoice extends Part {
  static properties = { at: {} };

  constructor() {
    super();
    this.at = "";
  }

  /** @param {string} at */
  choose(at) {
    this.at = at;
    this.emit("cd-time", { at });
  }

  render() {
    const typed = (/** @type {Event & {target: HTMLInputElement}} */ event) => this.choose(inputInstant(event.target.value) ?? "");
    return html`<div class="stack">
      <div class="cluster" role="group" aria-label="常用时间">${usualTimes(Date.now()).map(({ text, at }) => html`<button
        class="chip"
        type="button" aria-pressed=${this.at === at} @click=${() => this.choose(at)}>${text}</button>`)}</div>
      <div class="field"><label class="field-label" for="time-choice">或者选一个时间</label>
        <input class="input" id="time-choice" type="datetime-local" .value=${this.at ? instantInput(this.at) : ""}
          @change=${typed} /></div>
      ${this.at ? html`<p class="strong" aria-live="polite">约定：${instantText(this.at)}</p>` : ""}
    </div>`;
  }
}

/** Books another time for a task without a call. */
export class LaterDialog extends Part {
  static properties = { task: { attribute: false }, open: { type: Boolean }, at: { state: true }, message: { state: true } };

  constructor() {
    super();
    /** @type {import("./session.js").Doc | null} */
    this.task = null;
    this.open = false;
    this.at = this.message = "";
  }

  render() {
    const body = html`${this.message ? html`<p class="late" role="alert">${this.message}</p>` : ""}
      <time-choice .at=${this.at} @cd-time=${(/** @type {CustomEvent} */ event) => (this.at = event.detail.at)}></time-choice>`;
    const actions = html`<button class="btn btn-primary btn-large" ?disabled=${!this.at}
      @click=${() => this.put()}>约好了</button>`;
    return html`<cd-dialog heading="改约时间" .open=${this.open} .body=${body} .actions=${actions}></cd-dialog>`;
  }

  async put() {
    try {
      await save("task.later", { id: this.task?.id, booked_at: this.at }, { what: `改约 ${instantText(this.at)}` });
      Object.assign(this, { at: "", message: "" });
      this.emit("cd-close");
    } catch (error) {
      this.message = problemsOf(error)[0]?.message ?? "没能存下，请再试一次。";
    }
  }
}

customElements.define("time-choice", TimeChoice);
customElements.define("later-dialog", LaterDialog);
