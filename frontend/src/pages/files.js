// Why it exists: 车档 in one screen: search at the left, the whole file of one car at the right (D-F1).
import { html } from "../../vendor/lit.js";
import { downloadProgress, focusDetail, Page } from "./page.js";
import "./file-search.js";
import "./file-view.js";

/** 车档. */
export class PageFiles extends Page {
  moved() {
    void focusDetail(this);
  }

  heard() {
    this.requestUpdate();
  }

  view() {
    const id = this.params.vehicle ?? "";
    return html`<div class="split" ?data-detail=${Boolean(id)}>
      <section class="split-list" aria-label="查找车档">
        <cd-page-head heading="车档" note="一车一档"></cd-page-head>${downloadProgress()}
        <file-search class="stack" .current=${id}></file-search>
      </section>
      ${id
        ? html`<file-view class="split-detail" role="region" aria-label="车档内容" .vehicle=${id}></file-view>`
        : html`<section class="split-detail"><cd-empty heading="选一辆车" text="车主、维修、回访、投诉和资料都在它的档案里。"></cd-empty></section>`}
    </div>`;
  }
}

customElements.define("page-files", PageFiles);
