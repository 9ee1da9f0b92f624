// Why it exists: a file is chosen, or dropped where it is dragged; both are one way in.
import { html, nothing } from "../../vendor/lit.js";
import { Part } from "../parts/part.js";

const TYPES = ".xlsx,.xls,.csv,.txt,.ods";

/** Drop zone; emits `cd-file` {file}. */
export class ImportChoose extends Part {
  static properties = { what: {}, message: {}, over: { state: true } };

  constructor() {
    super();
    /** what the table holds, e.g. 交车明细 */
    this.what = "";
    /** why the last file was not taken */
    this.message = "";
    this.over = false;
  }

  render() {
    return html`<div class="stack">
      ${this.message ? html`<div class="banner" data-level="late" role="alert"><cd-icon name="circle-alert"></cd-icon><p>${this.message}</p></div>` : nothing}
      <div class="drop" data-over=${this.over ? "yes" : nothing} @dragover=${this.drag} @dragleave=${this.leave} @drop=${this.drop}>
        <cd-icon name="file-spreadsheet"></cd-icon>
        <p class="t-18 strong">把${this.what}表格拖到这里</p>
        <p class="muted">Excel（.xlsx、.xls）或 CSV；列的先后不限，中文编码自动识别。先预览，确认后才写入。</p>
        <button class="btn btn-primary btn-large" type="button" @click=${this.open}><cd-icon name="folder-open"></cd-icon>选择文件</button>
        <input class="sr-only" type="file" accept=${TYPES} tabindex="-1" aria-label="选择${this.what}文件" @change=${this.picked} />
      </div>
    </div>`;
  }

  open() {
    this.querySelector("input")?.click();
  }

  /** @param {DragEvent} event */
  drag(event) {
    event.preventDefault();
    this.over = true;
  }

  leave() {
    this.over = false;
  }

  /** @param {DragEvent} event */
  drop(event) {
    event.preventDefault();
    this.over = false;
    this.give(event.dataTransfer?.files[0]);
  }

  /** @param {Event & {target: HTMLInputElement}} event */
  picked({ target }) {
    this.give(target.files?.[0]);
    target.value = "";
  }

  /** @param {File | undefined} file */
  give(file) {
    if (file) this.emit("cd-file", { file });
  }
}

customElements.define("import-choose", ImportChoose);
