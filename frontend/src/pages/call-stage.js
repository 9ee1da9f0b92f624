// Why it exists: the centre of a call: one step at a time, large enough to read aloud (D-S1, D-S2).
import { html, nothing } from "../../vendor/lit.js";
import { finishCall } from "./call-save.js";
import { againChip } from "./call-side.js";
import { fill } from "./wording.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./call-model.js").Stage} Stage */
/** @typedef {import("./call.js").PageCall} PageCall */

/** Before the line stands: dial, or say at once why not. @param {PageCall} page @param {any} gate */
export function dialStage(page, gate) {
  const stopped = gate && !gate.allow;
  const outcomes = [["no_answer", "无人接听"], ["switched_off", "关机"], ["wrong_number", "号码错误"], ["line_fault", "线路故障"]];
  return html`
    <p class="call-say">${stopped ? "现在不宜给这位客户打电话。" : "先拨号码，接通后点「接通了，开始」。"}</p>
    ${stopped
      ? html`<p class="muted">原因见「联系前请看」。如果这通电话已经打过了（例如停电时用纸记的），可以补录结果。</p>`
      : html`<p class="muted">先看一眼上次说了什么、答应过什么；微笑着拨号，客户听得出来。</p>`}
    <section class="stack-s" aria-labelledby="no-line"><h2 class="t-16" id="no-line">没有打通？</h2>
      <div class="cluster">${outcomes.map(([code, text]) => html`<button class="btn" type="button"
        @click=${() => page.ask("ended", code)}>${text}</button>`)}</div></section>`;
}

/** A wording to read aloud. @param {Stage} stage @param {Record<string, string>} words */
export function sayStage({ section, key }, words) {
  return html`<p class="call-say pre" data-stage=${key} aria-live="polite">${fill(section?.text, words)}</p>
    ${section?.hint ? html`<p class="answer-hint"><cd-icon name="info"></cd-icon><span>${section.hint}</span></p>` : nothing}`;
}

/** One question; 「否」 asks for the reason and offers what may follow. @param {PageCall} page @param {Stage} stage @param {Doc} draft */
export function questionStage(page, { question }, draft) {
  if (!question) return nothing;
  const answer = draft.answers[question.code] ?? {};
  const answered = (/** @type {CustomEvent} */ event) => page.answer(event.detail);
  return html`<p class="muted t-14">${question.group}${question.decisive ? html` <span class="badge"
    data-level="soon">红线项</span>` : nothing}</p>
    <cd-yes-no keys na .question=${question.code} .text=${question.text} .hint=${question.hint ?? ""}
      .reasons=${question.reasons ?? []}
      .value=${answer.value ?? null} .reason=${answer.reason ?? null} .praise=${answer.praise ?? null} .problem=${page.problem}
      @cd-answer=${answered} @cd-next=${() => page.next()}></cd-yes-no>
    ${answer.value === "no" ? afterNo(page, draft) : nothing}`;
}

/** D-S4: note it, promise the right person's call; a complaint is filled in when the call is over. @param {PageCall} page @param {Doc} draft */
function afterNo(page, draft) {
  const opens = () => page.change({ wants_complaint: !draft.wants_complaint });
  return html`<div class="stack-s">
    <p class="answer-hint"><cd-icon name="shield-check"></cd-icon><span>记原话，不解释、不争辩；答应请对口的同事回电，问好时间。</span></p>
    <div class="cluster">${againChip(draft.call_again, (on) => page.change({ call_again: on }))}
      <button class="chip" type="button" aria-pressed=${draft.wants_complaint} @click=${opens}>
        <cd-icon name="message-square-warning"></cd-icon>开投诉抱怨单</button></div>
    ${draft.wants_complaint ? html`<p class="muted t-14">单子在通话结束时填写，内容会从回答里带过去。</p>` : nothing}
  </div>`;
}

/** The row of buttons; 「现在没空」 is always there. @param {PageCall} page @param {Stage} stage @param {any} gate @param {Doc} draft */
export function actionRow(page, stage, gate, draft) {
  const started = stage.kind !== "dial";
  return html`<div class="cluster">
      <button class="btn btn-large" type="button" @click=${() => page.ask("busy", "busy")}>
        <cd-icon name="alarm-clock"></cd-icon>现在没空</button>
      ${started && stage.kind !== "finish" ? html`<button class="btn btn-quiet" type="button"
        @click=${() => page.ask("ended", "partial")}>提前结束</button>` : nothing}
    </div>
    <div class="cluster cluster-end">${primary(page, stage, gate, draft)}</div>`;
}

/** @param {PageCall} page @param {Stage} stage @param {any} gate @param {Doc} draft */
function primary(page, stage, gate, draft) {
  if (stage.kind === "dial") {
    return gate && !gate.allow
      ? html`<button class="btn btn-large" type="button" @click=${() => page.begin(true)}>补录已打过的电话</button>`
      : html`<button class="btn btn-primary btn-large" type="button" @click=${() => page.begin(false)}>
        <cd-icon name="phone-call"></cd-icon>接通了，开始</button>`;
  }
  if (stage.kind === "finish") {
    return html`<button class="btn btn-primary btn-large" type="button" ?disabled=${page.busy} @click=${() => finishCall(page)}>
      ${page.busy ? "正在保存…" : "保存回访记录"}</button>`;
  }
  const text = stage.key === "ask_time" ? "方便，继续" : stage.key === "confirm_person" ? "是本人，继续" : stage.key === "closing" ? "说完了，看小结" : "下一步";
  const answered = stage.question ? draft.answers[stage.question.code] : true;
  return html`<button class="btn btn-large ${answered ? "btn-primary" : ""}" type="button" @click=${() => page.next()}>
    ${stage.question && !answered ? "跳过这一题" : text}</button>`;
}
