// Why it exists: when headings are not recognised, or wrongly, a person says which column holds what; the branch
// remembers it with the next commit (D-H3).
import { html, nothing } from "../../vendor/lit.js";
import { icon } from "../parts/cd-icon.js";
import { Part } from "../parts/part.js";
import { asMapping, chosenColumns, missingTargets, TARGETS } from "./import-fields.js";

/** A select per field; emits `cd-mapping` {mapping} for a new preview. */
export class ImportColumns extends Part {
  static properties = {
    kind: {},
    columns: { attribute: false },
    mapping: { attribute: false },
    message: {},
    chosen: { state: true },
    tried: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./import-fields.js").Kind} */
    this.kind = "deliveries";
    /** @type {string[]} */
    this.columns = [];
    /** @type {Record<string, import("./import-fields.js").Chosen>} */
    this.mapping = {};
    /** why the table could not be read as it is */
    this.message = "";
    /** @type {Record<string, number[]>} */
    this.chosen = {};
    this.tried = false;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("mapping") || changed.has("columns")) {
      this.chosen = chosenColumns(this.kind, this.columns, this.mapping);
      this.tried = false;
    }
  }

  render() {
    const missing = missingTargets(this.kind, this.chosen);
    const said = this.message || (this.tried && missing.length ? `还缺：${missing.map(({ label }) => label).join("、")}。` : "");
    return html`<form class="stack" novalidate @submit=${this.submit}>
      ${said ? html`<div class="banner" data-level="late" role="alert"><cd-icon name="circle-alert"></cd-icon><p>${said}</p></div>` : nothing}
      <p class="muted">左边是系统要的内容，右边选它在表里的列；带 <span class="field-must">*</span> 的必须有。提交导入后，本店下次自动照此识别。</p>
      <div class="columns-form">${TARGETS[this.kind].map((target) => this.field(target))}</div>
      ${this.unused()}
      <div class="cluster cluster-end"><button class="btn btn-primary">按这些列重新预览</button></div>
    </form>`;
  }

  /** @param {import("./import-fields.js").Target} target */
  field({ field, label, required, many }) {
    const at = this.chosen[field] ?? [];
    const shown = many && at.length ? [...at, -1] : at.length ? at : [-1];
    const bad = this.tried && missingTargets(this.kind, this.chosen).some((one) => one.field === field);
    return html`<div class="field" data-bad=${bad ? "yes" : nothing}>
      <label class="field-label" for="column-${field}-0">${label}${required ? html`<span class="field-must" aria-hidden="true">*</span><span class="sr-only">（必填）</span>` : nothing}</label>
      ${shown.map((column, i) => html`<span class="select-wrap"><select class="input" id="column-${field}-${i}" aria-invalid=${bad ? "true" : nothing}
          aria-label=${i ? `${label}，再加一列` : nothing}
          @change=${(/** @type {Event & {target: HTMLSelectElement}} */ event) => this.choose(field, i, Number(event.target.value))}>
          <option value="-1" ?selected=${column < 0}>${i ? "（再加一列）" : "（不导入）"}</option>
          ${this.columns.map((heading, n) => html`<option value=${n} ?selected=${n === column}>${this.nameOf(heading, n)}</option>`)}
        </select>${icon("chevron-down")}</span>`)}
    </div>`;
  }

  /** @param {string} heading @param {number} n */
  nameOf(heading, n) {
    const twice = this.columns.indexOf(heading) !== this.columns.lastIndexOf(heading);
    return heading && !twice ? heading : `第 ${n + 1} 列${heading ? ` · ${heading}` : "（没有列名）"}`;
  }

  unused() {
    const used = new Set(Object.values(this.chosen).flat());
    const rest = this.columns.filter((heading, n) => heading && !used.has(n));
    return rest.length ? html`<p class="muted t-14">表里没有用到的列：${rest.join("、")}</p>` : nothing;
  }

  /** A column feeds one field only. @param {string} field @param {number} i which of its columns @param {number} column -1: none */
  choose(field, i, column) {
    const freed = Object.entries(this.chosen).map(([name, at]) => [name, name === field ? [...at] : at.filter((n) => n !== column)]);
    const chosen = Object.fromEntries(freed);
    chosen[field][i] = column;
    chosen[field] = [...new Set(chosen[field])].filter((n) => n >= 0);
    this.chosen = chosen;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    this.tried = true;
    const [first] = missingTargets(this.kind, this.chosen);
    if (first) document.getElementById(`column-${first.field}-0`)?.focus();
    else this.emit("cd-mapping", { mapping: asMapping(this.chosen) });
  }
}

customElements.define("import-columns", ImportColumns);
