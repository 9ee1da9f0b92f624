// Why it exists: the wording head office published is at hand, large enough to read aloud, with what changed (D-S8).
import { html, nothing } from "../../vendor/lit.js";
import { dateText } from "../lib/format.js";
import { markMatch } from "../parts/mark.js";
import { Page } from "./page.js";
import { label, newest, refs, session } from "./session.js";
import { diffView } from "./scripts-diff.js";
import { fill, wordsFor } from "./wording.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Placeholders that hold for every customer are filled; the others are shown as places. */
const EVERYWHERE = ["门店", "姓名", "职务", "热线"];

/** @param {string} text @param {string} query @returns {unknown} with places marked */
export function readable(text, query = "") {
  const words = wordsFor({});
  const filled = fill(text, Object.fromEntries(EVERYWHERE.map((name) => [name, words[name] ?? ""])));
  return filled.split(/(\{[^{}]{1,8}\})/).map((part) => (/^\{.*\}$/.test(part) ? html`<span class="slot">${part.slice(1, -1)}</span>` : markMatch(part, query)));
}

/** @param {Doc[]} docs @returns {Doc[]} the newest version of each script, in the order of the kinds */
export function newestOfEach(docs) {
  const order = /** @type {Doc[]} */ (session.schema?.lists.script_kind.items ?? []).map(({ code }) => code);
  const codes = [...new Set(docs.map(({ code }) => code))];
  const found = codes.map((code) => /** @type {Doc} */ (newest(docs, code)));
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.title.localeCompare(b.title, "zh"));
}

/** 话术: the list by kind, and one script. */
export class PageScripts extends Page {
  static properties = { text: { state: true }, showDiff: { state: true } };

  constructor() {
    super();
    this.text = "";
    this.showDiff = false;
  }

  load() {
    return refs("script");
  }

  moved() {
    this.showDiff = false;
  }

  /** @param {Doc[]} docs */
  view(docs) {
    const all = newestOfEach(docs);
    const shown = all.filter((doc) => this.found(doc));
    const open = all.find(({ code }) => code === this.query.code) ?? null;
    return html`<div class="split" ?data-detail=${Boolean(open)}>
      <section class="split-list" aria-label="话术列表">
        <cd-page-head heading="话术" note="总部发布，全员同一口径"></cd-page-head>
        <cd-search label="搜索话术" placeholder="搜一句话、一个词" .value=${this.text} .count=${this.text ? shown.length : null}
          @cd-search=${(/** @type {CustomEvent<{text: string}>} */ { detail }) => (this.text = detail.text)}></cd-search>
        ${shown.length ? this.groups(shown) : this.none(all)}
      </section>
      <section class="split-detail" tabindex="0" aria-label="话术内容">${open ? this.script(open, docs) : html`<cd-empty heading="从左边选一份话术" text="选中后在这里大字显示，可以照着读。"></cd-empty>`}</section></div>`;
  }

  /** @param {Doc} doc */
  found(doc) {
    const text = this.text.toLowerCase();
    return !text || [doc.title, ...doc.sections.flatMap((/** @type {Doc} */ one) => [one.heading, one.text, one.hint ?? ""])].some((part) => part.toLowerCase().includes(text));
  }

  /** @param {Doc[]} shown */
  groups(shown) {
    const kinds = [...new Set(shown.map(({ kind }) => kind))];
    return kinds.map((kind) => html`<div class="section-head"><h2 id="kind-${kind}">${label("script_kind", kind)}</h2></div>
      <div class="list" role="group" aria-labelledby="kind-${kind}">${shown.filter((doc) => doc.kind === kind).map((doc) => this.line(doc))}</div>`);
  }

  /** @param {Doc} doc */
  line(doc) {
    const on = doc.published_at ? ` · ${dateText(doc.published_at)}发布` : "";
    return html`<cd-list-row href="/scripts?code=${doc.code}" .heading=${doc.title} .note=${`第 ${doc.version} 版${on}`} .current=${doc.code === this.query.code}></cd-list-row>`;
  }

  /** @param {Doc[]} all */
  none(all) {
    return all.length
      ? html`<cd-empty kind="search" heading="没有这句话" text="换一个词试试，比如「座机」「隐私」「贵」。"></cd-empty>`
      : html`<cd-empty heading="还没有收到话术" text="联网同步后，总部发布的话术会出现在这里。"></cd-empty>`;
  }

  /** @param {Doc} doc @param {Doc[]} docs */
  script(doc, docs) {
    const older = docs.filter(({ code, version }) => code === doc.code && version < doc.version).sort((a, b) => b.version - a.version)[0];
    const by = [`第 ${doc.version} 版`, doc.published_at && `${dateText(doc.published_at)} ${doc.published_by ?? ""}发布`].filter(Boolean).join(" · ");
    const toggle = () => (this.showDiff = !this.showDiff);
    return html`<cd-page-head .heading=${doc.title} .note=${by} back="/scripts"></cd-page-head>
      ${doc.note ? html`<p class="muted">修订说明：${doc.note}</p>` : nothing}
      ${older ? html`<div><button class="btn" type="button" aria-expanded=${this.showDiff} @click=${toggle}><cd-icon name="git-compare"></cd-icon>${this.showDiff ? "收起改动" : `和第 ${older.version} 版相比改了什么`}</button></div>` : nothing}
      ${older && this.showDiff ? html`<div class="card">${diffView(older, doc)}</div>` : nothing}
      ${doc.sections.map((/** @type {Doc} */ section) => html`<section class="script-section"><h2>${section.heading}</h2>
        <p class="script-text pre">${readable(section.text, this.text)}</p>
        ${section.hint ? html`<p class="script-hint pre"><cd-icon name="info"></cd-icon><span>${readable(section.hint, this.text)}</span></p>` : nothing}</section>`)}`;
  }
}

customElements.define("page-scripts", PageScripts);
