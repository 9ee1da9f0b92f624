// Why it exists: a spreadsheet goes in by steps: choose, upload, preview, correct, commit; nothing is written before the last
// one, and importing the same file again changes nothing (D-H3).
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { countText } from "../lib/format.js";
import { toast } from "../parts/cd-toast.js";
import { Part } from "../parts/part.js";
import { KINDS } from "./import-fields.js";
import { previewTexts, resultCard } from "./import-result.js";
import { syncSoon } from "./page.js";
import "./import-choose.js";
import "./import-columns.js";
import "./import-rows.js";

/** @typedef {import("./session.js").Doc} Doc */

/** One import; emits `cd-nil` when the table is empty, `cd-imported` {counts} after the commit. */
export class ImportFlow extends Part {
  static properties = {
    kind: {},
    branch: {},
    phase: { state: true },
    percent: { state: true },
    message: { state: true },
    preview: { state: true },
    refused: { state: true },
    result: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./import-fields.js").Kind} */
    this.kind = "deliveries";
    this.branch = "";
    /** @type {File | null} kept for a preview with other columns */
    this.file = null;
    /** @type {AbortController | null} */
    this.stopper = null;
    this.reset();
  }

  disconnectedCallback() {
    this.stopper?.abort();
    super.disconnectedCallback();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (changed.has("phase")) this.emit("cd-phase", { phase: this.phase });
  }

  /** @param {string} [message] why it begins again */
  reset(message = "") {
    /** @type {"choose" | "upload" | "columns" | "preview" | "commit" | "done"} */
    this.phase = "choose";
    /** @type {number | null} */
    this.percent = 0;
    this.message = message;
    /** @type {Doc | null} */
    this.preview = null;
    /** @type {Doc | null} details of `import.columns` */
    this.refused = null;
    /** @type {Doc | null} counts of the commit */
    this.result = null;
  }

  render() {
    const { phase } = this;
    if (phase === "upload") return this.uploading();
    if (phase === "columns") return this.correcting();
    if (phase === "preview" && this.preview) return this.previewing(this.preview);
    if (phase === "commit") return html`<cd-progress .value=${null} label="正在写入本店车档" detail="可以离开这一页，服务器会做完；重复导入也不会写两遍。"></cd-progress>`;
    if (phase === "done" && this.result) return resultCard(this.result, KINDS[this.kind].what, () => this.reset());
    return html`<import-choose .what=${KINDS[this.kind].what} .message=${this.message}
      @cd-file=${(/** @type {CustomEvent<{file: File}>} */ { detail }) => this.send(detail.file)}></import-choose>`;
  }

  uploading() {
    const sent = this.percent === null || this.percent >= 100;
    return html`<cd-progress .value=${sent ? null : this.percent} label=${sent ? "正在读表、逐行核对" : "正在上传"} .detail=${this.file?.name ?? ""}></cd-progress>
      <button class="btn btn-quiet" type="button" @click=${() => this.stopper?.abort()}>停止</button>`;
  }

  correcting() {
    const given = this.refused ?? this.preview;
    const back = () => (this.preview ? Object.assign(this, { phase: "preview" }) : this.reset());
    return html`<section class="stack" aria-label="对应列">
      <div class="section-head"><h2>表里的列</h2><button class="btn btn-quiet" type="button" @click=${back}>${this.preview ? "回到预览" : "换一个文件"}</button></div>
      <import-columns .kind=${this.kind} .columns=${given?.columns ?? []} .mapping=${given?.mapping ?? {}} .message=${this.message}
        @cd-mapping=${(/** @type {CustomEvent<{mapping: Doc}>} */ { detail }) => this.file && this.send(this.file, detail.mapping)}></import-columns></section>`;
  }

  /** @param {Doc} preview */
  previewing(preview) {
    const { counts } = preview;
    const ready = counts.new + counts.changed;
    const errors = html`<button class="btn" type="button" @click=${this.errors}><cd-icon name="download"></cd-icon>下载错误行（Excel）</button>`;
    return html`<section class="stack" aria-label="预览">
      <div class="section-head"><h2>${this.file?.name ?? "预览"}</h2>
        <div class="cluster"><button class="btn" type="button" @click=${() => Object.assign(this, { phase: "columns", message: "" })}><cd-icon name="sliders-horizontal"></cd-icon>更正列</button>
          <button class="btn btn-quiet" type="button" @click=${() => this.reset()}>换一个文件</button></div></div>
      ${previewTexts(preview, this.kind, () => this.emit("cd-nil"))}
      ${this.message ? html`<div class="banner" data-level="late" role="alert"><cd-icon name="circle-alert"></cd-icon><p>${this.message}</p></div>` : nothing}
      ${counts.total ? html`<import-rows .preview=${preview}></import-rows>` : nothing}
      ${ready || counts.error ? html`<div class="page-actions">${counts.error ? errors : nothing}
        ${ready ? html`<button class="btn btn-primary btn-large" type="button" @click=${this.commit}>写入 ${countText(ready)} 行${counts.error ? `，跳过 ${countText(counts.error)} 行错误` : ""}</button>` : nothing}</div>` : nothing}
    </section>`;
  }

  /** @param {File} file @param {Doc} [mapping] as corrected */
  async send(file, mapping) {
    Object.assign(this, { file, phase: "upload", percent: 0, message: "" });
    const form = new FormData();
    for (const [name, value] of Object.entries({ branch: this.branch, kind: this.kind })) form.set(name, value);
    if (mapping) form.set("mapping", JSON.stringify(mapping));
    form.set("file", file, file.name);
    this.stopper = new AbortController();
    try {
      const preview = await api.upload("/imports", form, (percent) => (this.percent = percent), this.stopper.signal);
      Object.assign(this, { preview, refused: null, phase: "preview" });
    } catch (error) {
      this.notTaken(/** @type {any} */ (error));
    }
  }

  /** @param {import("../lib/api.js").ApiError} error */
  notTaken(error) {
    if (error.code === "import.columns") Object.assign(this, { refused: error.details, preview: null, phase: "columns", message: error.message });
    else if (error.code === "aborted") this.reset();
    else this.reset(wordsOf(error));
  }

  async errors() {
    await api.download("导入错误行.xlsx", `/imports/${this.preview?.id}/errors.xlsx`).catch((error) => toast(wordsOf(error), { level: "late" }));
  }

  async commit() {
    Object.assign(this, { phase: "commit", message: "" });
    try {
      const { counts } = await api.post(`/imports/${this.preview?.id}/commit`);
      Object.assign(this, { result: counts, phase: "done" });
      this.emit("cd-imported", { counts });
      syncSoon();
    } catch (error) {
      Object.assign(this, { phase: "preview", message: wordsOf(error) });
    }
  }
}

customElements.define("import-flow", ImportFlow);
