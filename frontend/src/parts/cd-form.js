// Why it exists: a form is a record's declaration plus a list of names; problems stand in a summary and at the field.
import { html, nothing } from "../../vendor/lit.js";
import { problemText, T } from "../lib/texts.js";
import { CdField } from "./cd-field.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";

/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Problem} Problem */

/** Emits `cd-change` {name, value, doc} and `cd-submit` {doc}; takes the focus to its summary when problems arrive. */
export class CdForm extends Part {
  static properties = {
    schema: { attribute: false },
    record: {},
    fields: { attribute: false },
    names: { attribute: false },
    value: { attribute: false },
    problems: { attribute: false },
    required: { attribute: false },
    choices: { attribute: false },
    labels: { attribute: false },
    submit: {},
    busy: { type: Boolean },
    disabled: { type: Boolean },
    columns: { type: Number },
  };

  constructor() {
    super();
    /** @type {import("./types.js").Schema | null} */
    this.schema = null;
    this.record = this.submit = "";
    /** @type {Record<string, Field> | null} instead of a record */
    this.fields = null;
    /** @type {string[] | null} null: every field that a person may fill */
    this.names = null;
    /** @type {Record<string, unknown>} */
    this.value = {};
    /** @type {Problem[]} */
    this.problems = [];
    /** @type {string[]} required here though the record does not say so */
    this.required = [];
    /** @type {Record<string, import("./types.js").Choice[]>} */
    this.choices = {};
    /** @type {Record<string, string>} */
    this.labels = {};
    this.busy = this.disabled = false;
    this.columns = 1;
  }

  /** @returns {Record<string, Field>} */
  get declared() {
    return this.fields ?? this.schema?.records[this.record]?.fields ?? {};
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (!changed.has("problems") || !this.problems.length) return;
    const summary = this.querySelector(".form-summary");
    if (summary instanceof HTMLElement) summary.focus();
  }

  render() {
    const names = this.names ?? Object.keys(this.declared).filter((name) => name !== "id");
    return html`<form class="form" novalidate data-columns=${this.columns} @submit=${this.onSubmit} @cd-input=${this.onInput}>
      ${this.problems.length ? this.summary() : nothing}
      <div class="form-fields">${names.map((name) => this.fieldTemplate(name))}</div>
      ${this.submit ? this.submitTemplate() : nothing}
    </form>`;
  }

  summary() {
    return html`<div class="form-summary" role="alert" tabindex="-1" aria-label=${T.form.summary}>
      <p class="form-summary-title">${icon("circle-alert")}${T.form.summary}</p>
      <ul>${this.problems.map((problem) => {
        const jump = () => this.jump(problem);
        return html`<li><button class="link-button" type="button" @click=${jump}>${this.textOf(problem)}</button></li>`;
      })}</ul>
    </div>`;
  }

  submitTemplate() {
    return html`<div class="form-actions"><button class="btn btn-primary btn-large" ?disabled=${this.busy || this.disabled}>
      ${this.busy ? T.form.busy : this.submit}
    </button></div>`;
  }

  /** @param {string} name */
  fieldTemplate(name) {
    const field = this.declared[name];
    if (!field) return nothing;
    const problem = this.problems.find((one) => rootOf(one) === name);
    const wide = field.multiline || field.type === "signature" || field.type === "list";
    return html`<cd-field class=${wide ? "is-wide" : ""} .name=${name} .field=${field} .lists=${this.schema?.lists ?? null}
      .value=${this.value[name] ?? null} .problem=${problem ? this.textOf(problem) : ""} .label=${this.labels[name] ?? ""}
      .required=${this.required.includes(name)} .choices=${this.choices[name] ?? null} ?disabled=${this.disabled}></cd-field>`;
  }

  /** @param {Problem} problem */
  textOf(problem) {
    const field = this.declared[rootOf(problem)];
    const label = this.labels[rootOf(problem)];
    return problemText(this.schema?.codes, problem, field && label ? { ...field, label } : field);
  }

  /** @param {Problem} problem */
  jump(problem) {
    const fields = [...this.querySelectorAll("cd-field")].filter((one) => one instanceof CdField);
    fields.find((one) => one.name === rootOf(problem))?.focusField();
  }

  /** @param {CustomEvent<{name: string, value: unknown}>} event */
  onInput(event) {
    event.stopPropagation();
    const { name, value } = event.detail;
    const doc = { ...this.value, [name]: value };
    if (value === null) delete doc[name];
    this.value = doc;
    this.emit("cd-change", { name, value, doc });
  }

  /** @param {Event} event */
  onSubmit(event) {
    event.preventDefault();
    this.emit("cd-submit", { doc: this.value });
  }
}

/** @param {Problem} problem @returns {string} the field of the record it lies in */
const rootOf = (problem) => problem.field.split(".")[0] ?? "";

define("cd-form", CdForm);
