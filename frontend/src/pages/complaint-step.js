// Why it exists: the next step of a complaint is filled in and signed in one place, by whom the workflow table allows
// (D-K1, D-K2); what is typed survives, and it says that only the server makes a step final.
import { html, nothing } from "../../vendor/lit.js";
import { checkFields } from "../domain/schema.js";
import { allowedSteps, roleFor } from "../domain/workflow.js";
import { newId } from "../lib/ids.js";
import { Part } from "../parts/part.js";
import { buildStep, classesOf } from "./complaint-build.js";
import { problemsIn, stepFields } from "./complaint-fields.js";
import { Draft } from "./draft.js";
import { problemsOf, save, without } from "./saving.js";
import { actor, branch, label, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Form of the next step; empty when it is nobody's turn here. */
export class ComplaintStep extends Part {
  static properties = {
    complaint: { attribute: false },
    staff: { attribute: false },
    draft: { state: true },
    problems: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc} */
    this.complaint = {};
    /** @type {Doc[]} */
    this.staff = [];
    /** @type {any} {step_id, code, doc} */
    this.draft = null;
    /** @type {import("../parts/types.js").Problem[]} */
    this.problems = [];
    this.busy = false;
    /** @type {Draft | null} */
    this.kept = null;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {Doc | undefined} */ (changed.get("complaint"));
    const { id, state } = this.complaint;
    if (changed.has("complaint") && (before?.id !== id || before?.state !== state)) void this.restore();
  }

  /** What was typed for this state before, or a fresh start. */
  async restore() {
    const { id, state, nature, cause, severity, department } = this.complaint;
    const kept = new Draft(`step:${id}:${state}`);
    Object.assign(this, { kept, draft: null, problems: [] });
    const found = await kept.read();
    if (kept !== this.kept) return;
    const doc = state === "reported" ? { nature, cause, severity, department } : state === "reviewed" ? { department } : {};
    this.draft = found ?? { step_id: newId(), code: this.rows[0]?.code ?? "", doc };
  }

  /** @returns {any[]} steps this person may take now, returning last */
  get rows() {
    const rows = allowedSteps(session.schema, this.complaint, actor());
    return [...rows].sort((a, b) => Number(a.code === "back") - Number(b.code === "back"));
  }

  /** @param {Doc} change */
  change(change) {
    this.draft = { ...this.draft, ...change };
    void this.kept?.put(this.draft);
  }

  /** @param {CustomEvent<{name: string, doc: Doc}>} event */
  typed({ detail: { name, doc } }) {
    this.problems = without(this.problems, name);
    this.change({ doc });
  }

  render() {
    const { rows } = this;
    if (!rows.length || !this.draft) return nothing;
    const row = rows.find((one) => one.code === this.draft.code) ?? rows[0];
    if (rows.every(({ code }) => code === "back")) {
      return html`<details class="fold"><summary>${this.submitText(row)}</summary>${this.form(row)}</details>`;
    }
    const as = roleFor(row, this.complaint, actor());
    return html`<section class="card stack" aria-labelledby="next-step">
      <div class="section-head"><h2 id="next-step">下一步：${row.label}</h2>
        ${as?.deputy ? html`<span class="badge" data-level="soon">代${label("role", as.role)}签</span>` : nothing}</div>
      ${rows.length > 1 ? this.choice(rows, row) : nothing} ${this.form(row)}
    </section>`;
  }

  /** @param {any} row */
  form(row) {
    return html`<cd-form .schema=${session.schema} .fields=${stepFields(session.schema, row, this.draft.doc)} .value=${this.draft.doc}
        .choices=${{ handler_id: this.handlers() }} .problems=${this.problems} .busy=${this.busy}
        .submit=${this.submitText(row)}
        @cd-change=${this.typed}
        @cd-submit=${() => void this.put(row)}></cd-form>
      <p class="muted t-14">先存本机，可以离线办。这一步要等服务器接受才算生效，时限按发生时间计。</p>`;
  }

  /** @param {any[]} rows @param {any} row */
  choice(rows, row) {
    return html`<div class="cluster" role="group" aria-label="怎么处理">${rows.map((one) => html`<button class="chip" type="button"
      aria-pressed=${one === row} @click=${() => this.change({ code: one.code })}>${one.label}</button>`)}</div>`;
  }

  /** @param {any} row */
  submitText(row) {
    if (row.code === "back") return `退回到「${label("complaint_state", row.to)}」`;
    return row.sign ? `签字并提交：${row.label}` : `提交：${row.label}`;
  }

  /** Active people of this branch, as choices of a handler. */
  handlers() {
    const here = this.staff.filter((person) => person.active && person.posts.some((/** @type {Doc} */ post) => post.branch === branch().code));
    return here.map((person) => ({
      code: person.id,
      label: `${person.name} · ${person.posts.map((/** @type {Doc} */ post) => label("role", post.role)).join("、")}`,
    }));
  }

  /** @param {any} row */
  async put(row) {
    const { complaint, draft } = this;
    const { doc } = draft;
    this.problems = problemsIn(checkFields, session.schema, stepFields(session.schema, row, doc), doc);
    if (this.problems.length) return;
    const handler = this.staff.find((person) => person.id === doc.handler_id) ?? null;
    const step = buildStep({ row, doc, id: draft.step_id, complaint, who: actor(), now: new Date().toISOString(), handler });
    const set = ["register", "dispatch"].includes(row.code) ? classesOf(doc) : null;
    this.busy = true;
    try {
      await save("complaint.step", { id: complaint.id, from: complaint.state, step, ...(set ? { set } : {}) }, { what: row.label });
      await this.kept?.drop();
    } catch (error) {
      this.problems = problemsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("complaint-step", ComplaintStep);
