// Why it exists: a field is declared once in the schema; this makes the control, the label, help and problem from it.
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { checks, isGroup, listRows, oneLine, segments, select, textArea } from "./field-controls.js";
import { define, Part, uid } from "./part.js";
import "./cd-signature.js";

/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Choice} Choice */

const MAX_SEGMENTS = 5;

/** A form field; emits `cd-input` {name, value}, value null when empty. */
export class CdField extends Part {
  static properties = {
    name: {},
    field: { attribute: false },
    lists: { attribute: false },
    value: { attribute: false },
    problem: {},
    choices: { attribute: false },
    label: {},
    help: {},
    required: { type: Boolean },
    disabled: { type: Boolean },
    typed: { state: true },
  };

  constructor() {
    super();
    this.name = "";
    /** @type {Field} */
    this.field = { type: "text", label: "" };
    /** @type {import("./types.js").Lists | null} */
    this.lists = null;
    /** @type {unknown} */
    this.value = null;
    this.problem = this.label = this.help = "";
    /** @type {Choice[] | null} */
    this.choices = null;
    this.required = this.disabled = false;
    /** @type {string | null} what is being typed, shown as typed until the field is left */
    this.typed = null;
    this.fieldId = uid("field");
  }

  /** @returns {Choice[]} */
  get options() {
    return this.choices ?? this.lists?.[this.field.list ?? this.field.of?.list ?? ""]?.items ?? [];
  }

  get must() {
    return this.required || Boolean(this.field.required);
  }

  /** Ids that describe the control to a screen reader. */
  get describedBy() {
    const ids = [this.problem && `${this.fieldId}-problem`, this.helpText && `${this.fieldId}-help`];
    return ids.filter(Boolean).join(" ");
  }

  get helpText() {
    return this.help || this.field.help || "";
  }

  /** @param {unknown} value */
  put(value) {
    this.value = value;
    this.emit("cd-input", { name: this.name, value });
  }

  /** Focuses the first control. */
  focusField() {
    const control = this.querySelector("input:checked, input, select, textarea, button");
    if (control instanceof HTMLElement) control.focus();
    this.scrollIntoView({ block: "nearest" });
  }

  render() {
    const label = this.label || this.field.label;
    const mark = this.must ? html`<span class="field-must" aria-hidden="true">*</span><span class="sr-only">（${T.field.required}）</span>` : nothing;
    const inside = html`
      ${this.helpText ? html`<p class="field-help" id="${this.fieldId}-help">${this.helpText}</p>` : nothing}
      ${this.problem ? html`<p class="field-problem" id="${this.fieldId}-problem">${icon("circle-alert")}${this.problem}</p>` : nothing}
      ${this.control()}`;
    const bad = this.problem ? "yes" : nothing;
    if (isGroup(this.field, this.options.length > MAX_SEGMENTS)) {
      return html`<fieldset class="field" data-bad=${bad} aria-describedby=${this.describedBy || nothing}>
        <legend class="field-label">${label}${mark}</legend>${inside}
      </fieldset>`;
    }
    return html`<div class="field" data-bad=${bad}><label class="field-label" for=${this.fieldId}>${label}${mark}</label>${inside}</div>`;
  }

  control() {
    const { type, of, multiline } = this.field;
    if (type === "signature") return this.signature();
    if (type === "boolean") return segments(this, [{ code: "true", label: T.field.yes }, { code: "false", label: T.field.no }]);
    if (type === "list") return of?.type === "code" ? checks(this) : listRows(this);
    if (type === "ref") return select(this);
    if (type === "code") return this.options.length <= MAX_SEGMENTS ? segments(this, this.options) : select(this);
    return multiline ? textArea(this) : oneLine(this);
  }

  signature() {
    const put = (/** @type {CustomEvent<{value: string | null}>} */ event) => {
      event.stopPropagation();
      this.put(event.detail.value);
    };
    return html`<cd-signature .value=${this.value} .label=${this.label || this.field.label} bare ?screen-only=${this.field.screen_only} @cd-sign=${put}></cd-signature>`;
  }
}

define("cd-field", CdField);
