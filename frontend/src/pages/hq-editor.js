// Why it exists: a script is edited section by section; what is written survives a reload, and unfit wording is named where
// it stands, before anything is published (D-S4, D-S8).
import { html, nothing, repeat } from "../../vendor/lit.js";
import { contentId } from "../lib/ids.js";
import { GROUP } from "../lib/partitions.js";
import { Part } from "../parts/part.js";
import { Draft } from "./draft.js";
import { compareDialog, fieldOf, sectionOf } from "./hq-editor-fields.js";
import { editorProblems, nextVersion, startOf } from "./hq-script-doc.js";
import { save } from "./saving.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("../parts/types.js").Problem} Problem */

/** The editor of one script; emits `cd-published` {doc}. */
export class HqEditor extends Part {
  static properties = {
    code: {},
    current: { attribute: false },
    docs: { attribute: false },
    readonly: { type: Boolean },
    holders: { attribute: false },
    doc: { state: true },
    problems: { state: true },
    comparing: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.code = "";
    /** @type {Doc | null} newest published version */
    this.current = null;
    /** @type {Doc[]} every version of every script */
    this.docs = [];
    /** @type {Doc | null} what is being written */
    this.doc = null;
    /** @type {Problem[]} */
    this.problems = [];
    /** @type {unknown} who has the published version */
    this.holders = nothing;
    this.readonly = this.comparing = this.busy = false;
    this.draft = new Draft("");
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    const before = changed.has("current") ? /** @type {Doc | null} */ (changed.get("current")) : this.current;
    if (changed.has("code") || before?.version !== this.current?.version) void this.begin();
  }

  /** Takes up a draft of the version to come, else the published text. */
  async begin() {
    const start = startOf(this.current);
    const draft = new Draft(`script:${this.code}`);
    Object.assign(this, { draft, doc: null, problems: [], comparing: false });
    const kept = await draft.read();
    if (this.draft === draft) this.doc = kept?.version === start.version || this.code === "new" ? { ...start, ...kept } : start;
  }

  /** @param {Partial<Doc>} change */
  put(change) {
    this.doc = { ...this.doc, ...change };
    void this.draft.put(this.doc);
  }

  /** @returns {Doc[]} */
  get sections() {
    return this.doc?.sections ?? [];
  }

  /** @param {Doc[]} sections */
  putSections(sections) {
    this.problems = [];
    this.put({ sections });
  }

  render() {
    const { doc } = this;
    if (!doc) return html`<p class="muted" aria-busy="true">正在打开…</p>`;
    const title = this.current?.title ?? "新建话术";
    return html`<div class="stack">
      <cd-page-head .heading=${title} .note=${this.current ? `现行第 ${this.current.version} 版，正在写第 ${doc.version} 版` : "第 1 版"} back="/hq/scripts"></cd-page-head>
      ${this.summary()}
      ${this.current ? nothing : html`${fieldOf(this, "code")} ${fieldOf(this, "kind")}`}
      ${fieldOf(this, "title")}
      ${repeat(this.sections, ({ code }) => code, (section, at) => sectionOf(this, section, at))}
      ${this.readonly ? nothing : html`<button class="btn" type="button" @click=${this.add}><cd-icon name="plus"></cd-icon>加一段</button>`}
      ${fieldOf(this, "note", "写给门店看：这一版改了什么、为什么。")}
      ${this.holders}
      ${this.readonly ? nothing : html`<div class="page-actions"><button class="btn btn-quiet" type="button" @click=${this.discard}>放弃修改</button>
        <button class="btn btn-primary btn-large" type="button" @click=${this.compare}>看差别并发布</button></div>`}
      ${compareDialog(this, doc)}</div>`;
  }

  summary() {
    if (!this.problems.length) return nothing;
    return html`<div class="form-summary" role="alert" tabindex="-1"><p class="strong">有 ${this.problems.length} 处要修改，改好再发布</p>
      <ul>${this.problems.map(({ field, message }) => html`<li><button class="btn-quiet" type="button" @click=${() => this.jump(field)}>${message}</button></li>`)}</ul></div>`;
  }

  /** @param {string} field */
  jump(field) {
    const target = /** @type {import("../parts/cd-field.js").CdField | null} */ (this.querySelector(`cd-field[data-field="${field}"]`));
    target?.focusField();
  }

  add() {
    const codes = new Set(this.sections.map(({ code }) => code));
    let n = codes.size + 1;
    while (codes.has(`part_${n}`)) n += 1;
    this.putSections([...this.sections, { code: `part_${n}`, heading: null, text: null, hint: null }]);
  }

  async discard() {
    await this.draft.drop();
    await this.begin();
  }

  async compare() {
    if (this.doc) this.show(editorProblems(this.doc, this.docs, this.current));
    this.comparing = !this.problems.length;
  }

  /** @param {Problem[]} problems */
  show(problems) {
    this.problems = problems;
    if (problems.length) void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector(".form-summary"))?.focus());
  }

  async publish() {
    const doc = nextVersion(/** @type {Doc} */ (this.doc));
    this.busy = true;
    try {
      await save("script.publish", { script: { id: await contentId(GROUP, "script", doc.code, String(doc.version)), ...doc } }, { what: `「${doc.title}」第 ${doc.version} 版` });
      await this.draft.drop();
      this.emit("cd-published", { doc });
    } catch (error) {
      this.show(editorProblems(doc, this.docs, this.current, /** @type {any} */ (error)));
    } finally {
      Object.assign(this, { busy: false, comparing: false });
    }
  }
}

customElements.define("hq-editor", HqEditor);
