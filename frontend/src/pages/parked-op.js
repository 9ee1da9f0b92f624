// Why it exists: one op that was not accepted: why, by whom, what it says, and the two ways on: mended and handed in again,
// or discarded with a reason. Nothing of it is ever lost.
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { app } from "../lib/app.js";
import { instantText } from "../lib/format.js";
import { toast } from "../parts/cd-toast.js";
import { Part } from "../parts/part.js";
import { bodyLines, headingText, reasonText } from "./op-words.js";
import { placeOf } from "./op-place.js";
import { mended, mendOf } from "./parked-mend.js";
import { session } from "./session.js";

/** @typedef {import("./op-words.js").Line} Line */

const REASONS = ["重复登记", "填错了，已另外登记", "情况已变，不用再办"];

/** Give `.op` a row of the inbox; emits `cd-settled` after the server settled it. */
export class ParkedOp extends Part {
  static properties = { op: { attribute: false }, names: { attribute: false }, strong: { type: Boolean },
    mode: { state: true }, typed: { state: true }, reason: { state: true }, busy: { state: true }, message: { state: true }, problems: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.op = null;
    /** @type {Map<string, string>} colleagues' names by id */
    this.names = new Map();
    this.strong = this.busy = false;
    /** @type {"" | "mend" | "discard"} */
    this.mode = "";
    /** @type {Record<string, any>} */
    this.typed = {};
    this.reason = this.message = "";
    /** @type {any[] | null} those of the last try, when it did not hold either */
    this.problems = null;
    /** @type {any} the body of the last try */
    this.tried = null;
  }

  /** @returns {any[]} */
  get told() {
    const { code, message } = this.op;
    return this.problems ?? (this.op.problems?.length ? this.op.problems : [{ code, message }]);
  }

  render() {
    const { op } = this;
    const who = [op.author?.name || "未知的人", `${instantText(op.at)} 填写`, op.branch].filter(Boolean).join(" · ");
    const body = html`<p class="muted">${who}</p>
      <ul class="stack-s">${this.told.map((one) => html`<li class="late">${reasonText(session.schema, op, one)}</li>`)}</ul>
      <details class="fold" ?open=${op.quarantined}><summary>填写的内容</summary>${lineList(this.lines())}</details>
      ${this.message ? html`<p class="late" role="alert">${this.message}</p>` : nothing}
      ${this.mode === "mend" ? this.mendForm() : nothing} ${this.mode === "discard" ? this.discardForm() : nothing}`;
    return html`<cd-card level="late" ?strong=${this.strong} .heading=${headingText(session.schema, op)}
      .body=${body} .actions=${this.mode ? null : this.actions()}></cd-card>`;
  }

  lines() {
    return bodyLines(session.schema, this.op.kind, this.op.body, this.op.base, (id) => this.names.get(id) ?? "");
  }

  actions() {
    const { op } = this;
    const place = op.mine ? placeOf(op) : "";
    const look = place ? html`<a class="btn" href=${place}>看最新情况</a>` : nothing;
    if (!op.may) return html`${look}<span class="muted">联网后可以改好重新提交，或作废。</span>`;
    const [again, drop] = op.quarantined ? ["采用", "不采用"] : ["重新提交", "作废"];
    const fix = this.mend().names.length + this.mend().drops.length;
    return html`${op.may.rerun ? html`<button class="btn btn-primary" type="button" ?disabled=${this.busy}
        @click=${() => (fix ? this.begin() : this.rerun())}>${fix ? "改好并重新提交" : again}</button>` : nothing}
      ${op.may.discard ? html`<button class="btn" type="button" ?disabled=${this.busy} @click=${() => (this.mode = "discard")}>${drop}</button>` : nothing}
      ${look}${op.may.rerun || op.may.discard ? nothing : html`<span class="muted">${op.quarantined ? "等门店经理或总部核对。" : "由填写人或总部处理。"}</span>`}`;
  }

  mend() {
    return mendOf(session.schema, { kind: this.op.kind, body: this.tried ?? this.op.body, problems: this.told });
  }

  begin() {
    Object.assign(this, { mode: "mend", typed: this.mend().value });
  }

  mendForm() {
    const mend = this.mend();
    const put = (/** @type {CustomEvent} */ event) => (this.typed = event.detail.doc);
    return html`<cd-form .schema=${session.schema} .fields=${mend.fields} .names=${mend.names} .value=${this.typed} .problems=${mend.problems}
        .busy=${this.busy} submit="改好并重新提交" @cd-change=${put} @cd-submit=${() => this.rerun(mended(this.tried ?? this.op.body, mend, this.typed))}></cd-form>
      <button class="btn btn-quiet" type="button" @click=${() => (this.mode = "")}>先不改</button>`;
  }

  discardForm() {
    const put = (/** @type {Event & {target: HTMLInputElement}} */ event) => (this.reason = event.target.value);
    return html`<div class="stack-s" role="group" aria-label="作废原因"><p>为什么不要这一条？内容仍会保留，可在「已处理」里查到。</p>
      <div class="cluster">${REASONS.map((text) => html`<button class="chip" type="button" aria-pressed=${this.reason === text}
        @click=${() => (this.reason = text)}>${text}</button>`)}</div>
      <div class="field"><label class="field-label" for="why-${this.op.id}">原因</label><input class="input" id="why-${this.op.id}" maxlength="200"
        .value=${this.reason} @input=${put} /></div>
      <div class="cluster"><button class="btn btn-danger" type="button" ?disabled=${this.busy || this.reason.trim().length < 2}
        @click=${() => this.settle("discard", { reason: this.reason.trim() })}>确认作废</button>
        <button class="btn btn-quiet" type="button" @click=${() => (this.mode = "")}>先不作废</button></div></div>`;
  }

  /** @param {any} [body] mended */
  rerun(body) {
    this.tried = body ?? null;
    return this.settle("rerun", body ? { body } : {});
  }

  /** @param {"rerun" | "discard"} verb @param {any} what */
  async settle(verb, what) {
    Object.assign(this, { busy: true, message: "" });
    try {
      const { results } = await api.post(`/sync/parked/${this.op.part}/${this.op.id}/${verb}`, what);
      await app.settled(results);
      this.hear(results[0], verb);
    } catch (error) {
      this.message = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** @param {any} result @param {string} verb */
  hear(result, verb) {
    if (result.status === "parked") {
      const { code, message, problems } = result;
      Object.assign(this, { problems: problems ?? [{ code, message }], mode: "", message: "还是没有被接受，原因见上。" });
      return;
    }
    toast(verb === "discard" ? "已作废，内容仍保留在「已处理」里。" : "已被服务器接受。", { level: "done" });
    this.emit("cd-settled");
  }
}

/** @param {Line[]} lines @returns {unknown} */
export function lineList(lines) {
  return html`<dl class="kv">${lines.map(({ label, text, before, rows }) => html`<div><dt>${label}</dt><dd class="pre">${rows
    ? lineList(rows) : before === undefined ? text : html`<span class="muted">${before}</span> → ${text}`}</dd></div>`)}</dl>`;
}

customElements.define("parked-op", ParkedOp);
