// Why it exists: a car is found by plate, VIN, name, phone, pinyin initials or archive number (D-F1), while one types.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { honorific, phoneText, vinText } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { markMatch } from "../parts/mark.js";
import { Part } from "../parts/part.js";
import { eachOnce } from "./contact.js";
import { isAbsent } from "../parts/sync-words.js";
import { absent } from "./page.js";
import { onNews, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const MOST = 30;

/** Search field and results; with `pick` a result is told by `cd-choose` {id} instead of being a link. */
export class FileSearch extends Part {
  static properties = {
    current: {},
    pick: { type: Boolean },
    text: { state: true },
    found: { state: true },
    recent: { state: true },
    at: { state: true },
  };

  constructor() {
    super();
    this.current = this.text = "";
    this.pick = false;
    /** @type {Doc[] | null} */
    this.found = null;
    /** @type {Doc[]} */
    this.recent = [];
    this.at = 0;
    this.stop = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = onNews((news) => news.type === "data" && void this.look());
    void this.look();
  }

  disconnectedCallback() {
    this.stop();
    super.disconnectedCallback();
  }

  firstUpdated() {
    const field = /** @type {HTMLElement | null} */ (this.querySelector("cd-search"));
    if (!this.current) requestAnimationFrame(() => field?.focus());
  }

  /** Recent ones, and the results again after a sync. */
  async look() {
    this.recent = await app.recent();
    if (this.text) await this.search(this.text);
  }

  /** @param {string} text */
  async search(text) {
    this.text = text;
    const found = text ? await app.search(text, MOST) : null;
    if (text !== this.text) return;
    this.found = found;
    this.at = 0;
  }

  /** @returns {Doc[]} */
  get shown() {
    return this.found ?? this.recent;
  }

  /** @param {number} by */
  move(by) {
    this.at = Math.max(0, Math.min(this.shown.length - 1, this.at + by));
    void this.updateComplete.then(() => this.querySelectorAll("cd-list-row")[this.at]?.scrollIntoView({ block: "nearest" }));
  }

  /** @param {Doc | undefined} line */
  choose(line) {
    if (!line) return;
    if (this.pick) this.emit("cd-choose", { id: line.id });
    else void navigate(`/files/${line.id}`);
  }

  render() {
    const { found, shown } = this;
    return html`<cd-search label="搜索车档" placeholder="车牌、车架号、姓名、电话、拼音" .value=${this.text}
        .count=${found ? found.length : null} @cd-search=${(/** @type {CustomEvent} */ event) => this.search(event.detail.text)}
        @cd-move=${(/** @type {CustomEvent} */ event) => this.move(event.detail.by)}
        @cd-pick=${() => this.choose(shown[this.at])}></cd-search>
      ${found || !shown.length ? nothing : html`<div class="section-head"><h2>最近看过</h2></div>`}
      ${shown.length ? html`<div class="list">${shown.map((line, i) => this.line(line, Boolean(found) && i === this.at))}</div>` : this.empty()}
      ${found && found.length >= MOST ? html`<p class="muted t-14">只显示前 ${MOST} 个，多输几个字会更准。</p>` : nothing}`;
  }

  /** @param {Doc} line @param {boolean} marked */
  line(line, marked) {
    const { text } = this;
    const people = eachOnce(line.people ?? []).slice(0, 3);
    const note = [line.model, line.archive_no && html`档案 ${markMatch(line.archive_no, text)}`, this.hit(line)].filter(Boolean);
    const names = people.length
      ? people.map((/** @type {Doc} */ one, /** @type {number} */ i) => html`${i ? "、" : nothing}${markMatch(honorific(one.name), text)}`)
      : "未登记客户";
    return html`<cd-list-row href=${this.pick ? nothing : `/files/${line.id}`} .plate=${null}
      .heading=${html`<cd-plate .plate=${line.plate ?? ""} .match=${text}></cd-plate>\u2002${names}`}
      .note=${note.map((part, i) => html`${i ? " · " : nothing}${part}`)} .level=${""} ?strong=${marked}
      .current=${line.id === this.current}
      @cd-open=${() => this.choose(line)}></cd-list-row>`;
  }

  /** The part that matched, when neither plate nor name shows it. @param {Doc} line @returns {unknown} */
  hit(line) {
    const digits = this.text.replace(/\s/g, "");
    if (digits.length < 3) return "";
    const phone = (line.people ?? []).flatMap((/** @type {Doc} */ one) => one.phones ?? []).find((/** @type {string} */ one) => one.includes(digits));
    if (phone) return html`<span class="num">${markMatch(phoneText(phone), digits)}</span>`;
    return line.vin?.includes(digits.toUpperCase()) ? html`<span
      class="num">${markMatch(vinText(line.vin), digits)}</span>` : "";
  }

  empty() {
    if (isAbsent(session.state)) return absent();
    if (this.found) return html`<cd-empty kind="search"></cd-empty>`;
    const loading = session.state?.sync.phase === "downloading";
    return html`<cd-empty heading=${loading ? "车档正在下载" : "输入几个字就能找到"}
      text=${loading ? "目录到了就能搜索，请稍等。" : "例如车牌后三位、姓名拼音首字母，或者电话后四位。"}></cd-empty>`;
  }
}

customElements.define("file-search", FileSearch);
