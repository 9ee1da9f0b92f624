// Why it exists: the end of a call: what was said, what will follow, and the complaint form when one is to be opened.
import { html, nothing } from "../../vendor/lit.js";
import { banner } from "./bits.js";
import { effectList, effectsOf } from "./call-effects.js";
import { complaintContent, outcomeOf, saidNo, unexplained } from "./call-model.js";
import { openingFields } from "./complaint-fields.js";
import { without } from "./saving.js";
import { label, session } from "./session.js";
import "./file-attachments.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./call.js").PageCall} PageCall */

/** @param {PageCall} page @param {Doc} draft @param {Doc} task */
export function finishStage(page, draft, task) {
  const { stages, row } = page;
  const no = saidNo(stages, draft);
  const outcome = outcomeOf(stages, draft);
  const opens = draft.wants_complaint;
  const lacking = unexplained(stages, draft);
  const level = outcome === "complete" ? "done" : "info";
  return html`<div class="spread"><h2 class="t-22">这通电话的小结</h2>
      <span class="badge" data-level=${level}>${label("outcome", outcome)}</span></div>
    ${page.alert ? banner({ level: "late", icon: "circle-alert", text: page.alert, role: "alert" }) : nothing}
    ${lacking ? reasonMissing(page, lacking) : nothing}
    ${paperTime(page, draft)} ${answers(stages, draft)}
    ${effectList(effectsOf({ outcome, task, draft, no: no.length, complaintRow: opens ? row : null }))}
    <file-attachments heading="通话录音" .vehicle=${task.vehicle_id} .of=${{ kind: "attempt", id: draft.attempt_id }}
      .offers=${["recording"]}></file-attachments>
    ${no.length || opens ? offer(page, draft) : nothing} ${opens ? form(page, draft) : nothing}`;
}

/** @param {PageCall} page @param {import("./call-model.js").Stage} stage */
function reasonMissing(page, { key, question }) {
  const action = html`<button class="btn" type="button" @click=${() => page.go(key)}>去补原因</button>`;
  return banner({ level: "soon", icon: "triangle-alert", text: `「${question?.text}」答了「否」，还没有写原因。`, action });
}

/** A call written down afterwards needs its own time (D-X15). @param {PageCall} page @param {Doc} draft */
function paperTime(page, draft) {
  if (!draft.from_paper) return nothing;
  const field = { type: "instant", label: "实际通话时间", required: true };
  return html`<cd-field name="started_at" .field=${field} .value=${draft.started_at || null}
    @cd-input=${(/** @type {CustomEvent} */ event) => page.change({ started_at: event.detail.value ?? "" })}></cd-field>`;
}

/** @param {import("./call-model.js").Stage[]} stages @param {Doc} draft */
function answers(stages, draft) {
  const told = stages.flatMap(({ question }) => {
    const answer = question && draft.answers[question.code];
    return answer && (answer.value === "no" || answer.praise) ? [{ question, answer }] : [];
  });
  const count = Object.values(draft.answers).length;
  const all = stages.filter((stage) => stage.kind === "question").length;
  return html`<section class="stack-s" aria-label="回答"><p class="muted">问了 ${count} / ${all} 题</p>
    ${told.length ? html`<ul class="stack-s">${told.map(({ question, answer }) => html`<li>
      <span class="badge" data-level=${answer.value === "no" ? "soon" : "done"}>${answer.value === "no" ? "否" : "表扬"}</span>
      ${question.text}<br /><span class="strong">${answer.reason ?? answer.praise ?? ""}</span></li>`)}</ul>` : nothing}
    ${draft.note ? html`<p class="pre"><span class="muted">备注：</span>${draft.note}</p>` : nothing}</section>`;
}

/** @param {PageCall} page @param {Doc} draft */
function offer(page, draft) {
  const toggle = () => page.change({ wants_complaint: !draft.wants_complaint });
  const opens = draft.wants_complaint;
  return banner({
    level: opens ? "late" : "info",
    icon: "message-square-warning",
    text: opens ? "随这次回访一起开投诉抱怨单。" : "客户有说「否」的地方。如果是投诉，现在就可以开单，内容已经带好。",
    action: html`<button class="btn" type="button" @click=${toggle}>${opens ? "不开单" : "开投诉抱怨单"}</button>`,
  });
}

/** The complaint's value in the draft, its content prefilled until somebody writes their own. @param {PageCall} page @param {Doc} draft */
export const complaintDoc = (page, draft) => ({ content: complaintContent(page.stages, draft), ...draft.complaint });

/** @param {PageCall} page @param {Doc} draft */
function form(page, draft) {
  const doc = complaintDoc(page, draft);
  const put = (/** @type {CustomEvent} */ event) => {
    page.problems = without(page.problems, event.detail.name);
    page.change({ complaint: event.detail.doc });
  };
  return html`<section class="stack" aria-labelledby="call-complaint"><h2 class="t-18" id="call-complaint">投诉抱怨单</h2>
    <cd-form .schema=${session.schema} .fields=${openingFields(session.schema, page.row, doc, { call: true })} .value=${doc}
      .problems=${page.problems} @cd-change=${put}></cd-form></section>`;
}
