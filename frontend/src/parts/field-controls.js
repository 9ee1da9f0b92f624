// Why it exists: the controls behind cd-field, one small function per kind of control.
import { html, live, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { inputLook, kindOf, lengthOf, readValue, writeValue } from "./field-values.js";

/** @typedef {import("./cd-field.js").CdField} CdField */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Choice} Choice */
/** @typedef {Event & {target: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement}} Typed */

/** True when the control is several inputs, so its name is a legend. @param {Field} field @param {boolean} long */
export const isGroup = (field, long) =>
  ["boolean", "list", "signature"].includes(field.type) || (field.type === "code" && !long);

/** @param {CdField} host */
const handlers = (host) => ({
  input: (/** @type {Typed} */ event) => {
    host.typed = event.target.value;
    host.put(readValue(host.field, event.target.value));
  },
  leave: () => {
    host.typed = null;
  },
});

/** @param {CdField} host */
const common = (host) => ({
  described: host.describedBy || nothing,
  bad: host.problem ? "true" : nothing,
  must: host.must ? "true" : nothing,
});

/** @param {CdField} host */
export function oneLine(host) {
  const { input, leave } = handlers(host);
  const { described, bad, must } = common(host);
  const look = inputLook(host.field);
  const money = kindOf(host.field) === "fen";
  return html`<span class="input-wrap" data-width=${look.width}>
    ${money ? html`<span class="input-unit" aria-hidden="true">¥</span>` : nothing}
    <input class="input num" id=${host.fieldId} type=${look.type} inputmode=${look.mode || nothing} autocomplete="off"
      .value=${live(host.typed ?? writeValue(host.field, host.value))} ?disabled=${host.disabled}
      aria-describedby=${described} aria-invalid=${bad} aria-required=${must} @input=${input} @blur=${leave} />
    ${money ? html`<span class="input-unit">${T.field.yuan}</span>` : nothing}
  </span>`;
}

/** @param {CdField} host */
export function textArea(host) {
  const { input, leave } = handlers(host);
  const { described, bad, must } = common(host);
  const text = host.typed ?? writeValue(host.field, host.value);
  const { max } = host.field;
  const used = lengthOf(text);
  return html`<textarea class="input" autocomplete="off" id=${host.fieldId} rows=${(max ?? 0) > 600 ? 5 : 3} .value=${live(text)}
      ?disabled=${host.disabled} aria-describedby=${described} aria-invalid=${bad} aria-required=${must}
      @input=${input} @blur=${leave}></textarea>
    ${max ? html`<p class="field-count num" data-over=${used > max ? "yes" : nothing}>${T.field.count(used, max)}</p>` : nothing}`;
}

/** @param {CdField} host @param {Choice[]} options */
export function segments(host, options) {
  const asCode = (/** @type {string} */ code) => (host.field.type === "boolean" ? code === "true" : code);
  const pick = (/** @type {string} */ code) => {
    const again = host.value === asCode(code);
    if (!again) host.put(asCode(code));
    else if (!host.must) host.put(null);
  };
  return html`<div class="segments">${options.map(
    ({ code, label }) => html`<label class="segment">
      <input type="radio" name=${host.fieldId} .checked=${live(host.value === asCode(code))} ?disabled=${host.disabled}
        @click=${() => pick(code)} /><span>${label}</span>
    </label>`,
  )}</div>`;
}

/** @param {CdField} host */
export function select(host) {
  const { described, bad, must } = common(host);
  const put = (/** @type {Typed} */ event) => host.put(event.target.value || null);
  return html`<span class="select-wrap"><select class="input" id=${host.fieldId} ?disabled=${host.disabled}
      aria-describedby=${described} aria-invalid=${bad} aria-required=${must} @change=${put}>
      <option value="" .selected=${!host.value}>${T.field.choose}</option>
      ${host.options.map(({ code, label }) => html`<option value=${code} .selected=${host.value === code}>${label}</option>`)}
    </select>${icon("chevron-down")}</span>`;
}

/** @param {CdField} host several codes at once */
export function checks(host) {
  const chosen = /** @type {string[]} */ (Array.isArray(host.value) ? host.value : []);
  const toggle = (/** @type {string} */ code) => {
    const next = chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code];
    host.put(next.length ? next : null);
  };
  return html`<div class="cluster">${host.options.map(
    ({ code, label }) => html`<label class="segment segment--chip">
      <input type="checkbox" .checked=${live(chosen.includes(code))} ?disabled=${host.disabled} @change=${() => toggle(code)} />
      <span>${chosen.includes(code) ? icon("check") : nothing}${label}</span>
    </label>`,
  )}</div>`;
}

/** @param {CdField} host rows of text, phones, … */
export function listRows(host) {
  const of = host.field.of ?? { type: "text", label: "" };
  const rows = /** @type {unknown[]} */ (Array.isArray(host.value) ? host.value : []);
  const shown = rows.length ? rows : [""];
  const look = inputLook(of);
  const put = (/** @type {unknown[]} */ next) => host.put(next.length ? next : null);
  const set = (/** @type {number} */ i, /** @type {string} */ text) =>
    put(shown.map((old, j) => (j === i ? (readValue(of, text) ?? "") : old)));
  const full = shown.length >= (host.field.max ?? 99);
  return html`<div class="stack-s">${shown.map((row, i) => {
    const remove = html`<button class="btn-icon" type="button" aria-label="${T.field.remove}" @click=${() => put(shown.filter((_, j) => j !== i))}>${icon("x")}</button>`;
    return html`<span class="field-row"><span class="input-wrap" data-width=${look.width}><input class="input num"
      type=${look.type} inputmode=${look.mode || nothing} aria-label="${of.label} ${i + 1}" autocomplete="off"
      .value=${writeValue(of, row)} ?disabled=${host.disabled} aria-describedby=${host.describedBy || nothing}
      @change=${(/** @type {Typed} */ event) => set(i, event.target.value)} /></span>${shown.length > 1 ? remove : nothing}</span>`;
  })}
    ${full ? nothing : html`<button class="btn btn-quiet" type="button" ?disabled=${host.disabled} @click=${() => host.put([...shown, ""])}>${icon("plus")}${T.field.add}</button>`}
  </div>`;
}
