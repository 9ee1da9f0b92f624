// Why it exists: 「现在没空」 asks only for the time; every other early end is one choice, with what follows before it is saved.
import { html, nothing } from "../../vendor/lit.js";
import { effectList, effectsOf, outcomeRow } from "./call-effects.js";
import { saidNo } from "./call-model.js";
import { putCall } from "./call-save.js";
import { session } from "./session.js";
import { fill } from "./wording.js";
import "./later-dialog.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./call.js").PageCall} PageCall */

/** Outcomes offered before and after the line stands; busy has its own button, complete its own end. */
const BEFORE = ["no_answer", "switched_off", "wrong_number", "line_fault", "other"];
const AFTER = ["partial", "refused", "wrong_number", "language", "line_fault", "other"];

/** @param {PageCall} page @param {Doc} data */
export function endDialog(page, data) {
  const { kind } = page.asking;
  const busy = kind === "busy";
  const close = () => page.ask("");
  return html`<cd-dialog .open=${kind !== ""} .heading=${busy ? "现在没空" : "结束这通电话"}
    .body=${kind ? body(page, data, busy) : nothing}
    .actions=${kind ? actions(page, busy) : nothing} @cd-close=${close}></cd-dialog>`;
}

/** @param {PageCall} page @param {Doc} data @param {boolean} busy */
function body(page, data, busy) {
  const { asking, draft, bookedAt, stages } = page;
  const say = data.script?.sections.find((/** @type {Doc} */ section) => section.code === (busy ? "busy" : asking.outcome));
  const given = { outcome: asking.outcome, task: data.task, bookedAt, draft, no: busy ? 0 : saidNo(stages, draft).length };
  return html`<div class="stack">
    ${say ? html`<p class="t-18 pre">${fill(say.text, data.words)}</p>` : nothing}
    ${busy
      ? html`<time-choice .at=${bookedAt}
      @cd-time=${(/** @type {CustomEvent} */ event) => (page.bookedAt = event.detail.at)}></time-choice>`
      : outcomes(page)}
    ${busy && !bookedAt ? nothing : effectList(effectsOf(given))}
    ${page.alert ? html`<p class="late" role="alert">${page.alert}</p>` : nothing}
    ${busy ? nothing : html`<p class="muted t-14">不想现在结束？点右上角关闭，写到一半的内容都留着。</p>`}
  </div>`;
}

/** @param {PageCall} page */
function outcomes(page) {
  const codes = page.index === 0 ? BEFORE : AFTER;
  return html`<div class="cluster" role="group" aria-label="结果">${codes.map((code) => html`<button class="chip" type="button"
    aria-pressed=${page.asking.outcome === code} @click=${() => page.ask("ended", code)}>${outcomeRow(code).label}</button>`)}</div>`;
}

/** @param {PageCall} page @param {boolean} busy */
function actions(page, busy) {
  const { outcome } = page.asking;
  if (outcome === "partial") {
    const sum = () => {
      page.ask("");
      page.go("finish");
    };
    return html`<button class="btn btn-primary btn-large" type="button" @click=${sum}>看小结</button>`;
  }
  const ready = session.schema && (busy ? page.bookedAt : outcome);
  return html`<button class="btn btn-primary btn-large" type="button" ?disabled=${!ready || page.busy}
    @click=${() => putCall(page, outcome)}>${busy ? "约好了，保存" : "保存结果"}</button>`;
}
