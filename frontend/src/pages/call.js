// Why it exists: the call screen leads through a call without the network, and keeps every word of it (D-S1 to D-S9).
import { html } from "../../vendor/lit.js";
import { openingRow } from "../domain/workflow.js";
import { endDialog } from "./call-end.js";
import { finishStage } from "./call-finish.js";
import { callGone, callHead, callKey } from "./call-head.js";
import { loadCall } from "./call-load.js";
import { complete, stagesOf } from "./call-model.js";
import { personZone } from "./call-person.js";
import { actionRow, dialStage, questionStage, sayStage } from "./call-stage.js";
import { Page } from "./page.js";
import { actor, session } from "./session.js";
import "./call-side.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 回访: three zones and one step at a time. */
export class PageCall extends Page {
  static properties = {
    draft: { state: true },
    problem: { state: true },
    problems: { state: true },
    alert: { state: true },
    asking: { state: true },
    bookedAt: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {any} */
    this.draft = null;
    this.problem = this.alert = this.bookedAt = "";
    /** @type {import("../parts/types.js").Problem[]} */
    this.problems = [];
    /** @type {{kind: "" | "busy" | "ended", outcome: string}} */
    this.asking = { kind: "", outcome: "" };
    this.busy = this.ended = false;
    this.onKey = this.onKey.bind(this);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("keydown", this.onKey);
  }

  disconnectedCallback() {
    removeEventListener("keydown", this.onKey);
    super.disconnectedCallback();
  }

  async load() {
    if (this.ended) return this.data;
    const found = await loadCall(this.params.task ?? "", this.draft);
    this.draft ??= found.draft;
    return found;
  }

  get stages() {
    const { script, questionnaire, landline } = this.data;
    return stagesOf(script, questionnaire, { landline });
  }

  /** The step with which this person opens a complaint (D-K1). @returns {any} */
  get row() {
    return openingRow(session.schema, actor());
  }

  /** Changes the draft and keeps it on the tablet. @param {Doc} change */
  change(change) {
    this.draft = { ...this.draft, ...change };
    void this.data.kept.put(this.draft);
  }

  /** @param {boolean} fromPaper a call that was made before and is written down now */
  begin(fromPaper) {
    this.change({ started_at: fromPaper ? "" : new Date().toISOString(), from_paper: fromPaper });
    this.step(1);
  }

  /** @param {Doc} answer of cd-yes-no */
  answer(answer) {
    this.problem = "";
    this.change({ answers: { ...this.draft.answers, [answer.question]: answer } });
  }

  next() {
    const stage = this.stages[this.index];
    const given = stage?.question && this.draft.answers[stage.question.code];
    if (given && !complete(given)) this.problem = "选「否」要写原因，可以点上面的常见原因。";
    else this.step(1);
  }

  get index() {
    return Math.max(0, this.stages.findIndex((stage) => stage.key === this.draft.stage));
  }

  /** @param {number} by */
  step(by) {
    this.go(this.stages[this.index + by]?.key ?? "finish");
  }

  /** @param {string} key */
  go(key) {
    this.problem = this.alert = "";
    this.change({ stage: key });
    void this.updateComplete.then(() => this.querySelector(".call-centre")?.scrollTo(0, 0));
  }

  /** @param {"" | "busy" | "ended"} kind @param {string} [outcome] */
  ask(kind, outcome = "") {
    this.asking = { kind, outcome };
  }

  /** @param {Doc} data */
  view(data) {
    if (!data.task) return callGone();
    const stage = this.stages[this.index] ?? this.stages[0];
    const { draft } = this;
    const pick = (/** @type {string} */ phone) => this.change({ phone });
    const keep = (/** @type {CustomEvent} */ event) => this.change(event.detail);
    return html`<div class="call">
      <header class="call-top">${callHead(this, data)}</header>
      <aside class="call-person" aria-label="客户">${personZone(/** @type {any} */ ({ ...data, phone: draft.phone }), pick)}</aside>
      <section class="call-centre" aria-label="通话步骤">${this.centre(stage, data)}</section>
      <call-side class="call-side" role="complementary" aria-label="通话参考" .scripts=${data.help} .words=${data.words}
        .note=${draft.note} .again=${draft.call_again} @cd-note=${keep} @cd-again=${keep}></call-side>
      <footer class="call-actions">${actionRow(this, /** @type {any} */ (stage), data.gate, draft)}</footer>
    </div>${endDialog(this, data)}`;
  }

  /** @param {any} stage @param {Doc} data */
  centre(stage, data) {
    if (stage.kind === "dial") return dialStage(this, data.gate);
    if (stage.kind === "say") return sayStage(stage, data.words);
    return stage.kind === "question" ? questionStage(this, stage, this.draft) : finishStage(this, this.draft, data.task);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    callKey(this, event);
  }
}

customElements.define("page-call", PageCall);
