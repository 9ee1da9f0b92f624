// Why it exists: the controls of the script editor: each field with its problem, each section with its tools.
import { html, nothing } from "../../vendor/lit.js";
import { diffView } from "./scripts-diff.js";
import { session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./hq-editor.js").HqEditor} Editor */

/** @param {Editor} editor @param {string} path of the field @param {Doc} field @param {unknown} value @param {(value: any) => void} put @param {string} [help] */
function control(editor, path, field, value, put, help = "") {
  const problem = editor.problems.find((one) => one.field === path)?.message ?? "";
  return html`<cd-field data-field=${path} .name=${path} .field=${field} .lists=${session.schema.lists} .value=${value ?? null} .help=${help} .problem=${problem}
    .disabled=${editor.readonly} @cd-input=${(/** @type {CustomEvent} */ { detail }) => put(detail.value)}></cd-field>`;
}

/** @param {Editor} editor @param {string} name of a field of the script @param {string} [help] */
export function fieldOf(editor, name, help) {
  return control(editor, name, session.schema.records.script.fields[name], editor.doc?.[name], (value) => editor.put({ [name]: value }), help);
}

/** @param {Editor} editor @param {Doc} section @param {number} at */
export function sectionOf(editor, section, at) {
  const { fields } = session.schema.records.script.fields.sections.of;
  const put = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    editor.put({ sections: editor.sections.map((one, i) => (i === at ? { ...one, [name]: value } : one)) });
  const edit = (/** @type {string} */ name) => control(editor, `sections.${at}.${name}`, fields[name], section[name], (value) => put(name, value));
  const title = section.heading || `第 ${at + 1} 段`;
  return html`<section class="card stack-s" aria-label=${title}>
    <div class="spread"><b class="muted">第 ${at + 1} 段</b>${editor.readonly ? nothing : tools(editor, at, title)}</div>
    ${edit("heading")} ${edit("text")} ${edit("hint")}</section>`;
}

/** @param {Editor} editor @param {number} at @param {string} title */
function tools(editor, at, title) {
  const last = editor.sections.length - 1;
  const tool = (/** @type {string} */ name, /** @type {string} */ icon, /** @type {boolean} */ off, /** @type {() => Doc[]} */ made) => html`<button class="btn-icon" type="button"
    aria-label="${name}：${title}" ?disabled=${off} @click=${() => editor.putSections(made())}><cd-icon name=${icon}></cd-icon></button>`;
  return html`<span class="cluster">${tool("上移", "chevron-up", at === 0, () => moved(editor.sections, at, -1))}
    ${tool("下移", "chevron-down", at === last, () => moved(editor.sections, at, 1))}
    ${tool("删去", "trash-2", last === 0, () => editor.sections.filter((_, i) => i !== at))}</span>`;
}

/** @param {Doc[]} list @param {number} at @param {number} by */
function moved(list, at, by) {
  const found = [...list];
  found.splice(at + by, 0, ...found.splice(at, 1));
  return found;
}

/** The difference to the published version, before it is published. @param {Editor} editor @param {Doc} doc */
export function compareDialog(editor, doc) {
  const { current } = editor;
  const body = html`<div class="stack"><p>${current ? `和第 ${current.version} 版相比：` : "新的话术："}</p>${editor.comparing ? diffView(current, doc) : nothing}
    ${doc.note ? html`<p class="muted">修订说明：${doc.note}</p>` : nothing}</div>`;
  const actions = html`<button class="btn btn-primary btn-large" type="button" ?disabled=${editor.busy} @click=${() => editor.publish()}>发布第 ${doc.version} 版</button>`;
  return html`<cd-dialog wide .open=${editor.comparing} heading="发布前核对" .body=${body} .actions=${actions}
    @cd-close=${() => Object.assign(editor, { comparing: false })}></cd-dialog>`;
}
