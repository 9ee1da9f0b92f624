// Why it exists: head office sees all branches side by side and drills down to what is late (D-R4).
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { dateText, timeText } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { breached, cards, figures, table } from "./hq-figures.js";
import { complaintPanel } from "./hq-panel.js";
import { Page } from "./page.js";
import { roles } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const AGAIN_MS = 60_000;
const SEEN_PX = 240;
const NARROW = "(width < 1000px)";
export const HEAD_OFFICE = ["hq_operator", "hq_auditor", "admin"];

/** 总部: the table of branches; `?branch=` opens one. */
export class PageHq extends Page {
  static properties = { narrow: { state: true }, busy: { state: true }, stale: { state: true } };

  constructor() {
    super();
    this.media = matchMedia(NARROW);
    this.narrow = this.media.matches;
    this.busy = false;
    /** why the figures on screen are not of now */
    this.stale = "";
    this.timer = 0;
    this.turned = () => (this.narrow = this.media.matches);
  }

  connectedCallback() {
    super.connectedCallback();
    this.media.addEventListener("change", this.turned);
    this.timer = setInterval(() => document.visibilityState === "visible" && this.refresh(), AGAIN_MS);
  }

  disconnectedCallback() {
    this.media.removeEventListener("change", this.turned);
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  /** Figures come from the server, not from the tablet's data. @param {{type: string}} _news */
  heard(_news) {
    this.requestUpdate();
  }

  moved() {
    this.requestUpdate();
  }

  async load() {
    this.busy = true;
    try {
      const found = await api.get("/reports/branches");
      this.stale = "";
      return found;
    } catch (error) {
      if (!this.data) throw error;
      this.stale = wordsOf(error);
      return this.data;
    } finally {
      this.busy = false;
    }
  }

  waiting() {
    return html`<div class="page-wide">${this.head()}<cd-progress .value=${null} label="正在取各店数据"></cd-progress></div>`;
  }

  failed() {
    const kind = new Map([["offline", "offline"], ["auth.forbidden", "denied"]]).get(this.failure.code) ?? "error";
    const again = html`<button class="btn btn-primary" type="button" @click=${() => this.refresh()}>再试一次</button>`;
    return html`<div class="page-wide">${this.head()}<cd-empty kind=${kind} .text=${kind === "denied" ? "" : wordsOf(this.failure)} .actions=${kind === "denied" ? null : again}></cd-empty></div>`;
  }

  /** @param {string} [note] */
  head(note = "") {
    const refresh = html`<button class="btn" type="button" ?disabled=${this.busy} @click=${() => this.refresh()}><cd-icon name="refresh-cw"></cd-icon>${this.busy ? "正在刷新…" : "刷新"}</button>`;
    const may = roles().some((role) => HEAD_OFFICE.includes(role));
    return html`<cd-page-head heading="总部" .note=${note} .actions=${html`${refresh}
      <a class="btn" href="/parked"><cd-icon name="inbox"></cd-icon>待处理</a>
      ${may ? html`<a class="btn" href="/hq/scripts"><cd-icon name="book-open"></cd-icon>话术发布</a>` : nothing}`}></cd-page-head>`;
  }

  /** @param {Doc} data */
  view({ now, branches }) {
    const open = branches.find((/** @type {Doc} */ row) => row.code === this.query.branch);
    return html`<div class="page-wide">
      ${this.head(`${branches.length} 家门店 · ${dateText(now)} ${timeText(now)} 的数据`)}
      ${this.stale ? html`<div class="banner" data-level="soon" role="status"><cd-icon name="cloud-off"></cd-icon><p>下面是 ${timeText(now)} 的数据。${this.stale}</p></div>` : nothing}
      ${branches.length ? html`${this.stats(branches)} ${this.narrow ? cards(branches, now) : table(branches, now, open?.code)}` : html`<cd-empty heading="还没有门店" text="系统管理员可以在「管理」里新增门店。"></cd-empty>`}
      ${open ? complaintPanel(open, now, () => void navigate("/hq")) : nothing}</div>`;
  }

  /** @param {Doc[]} branches */
  stats(branches) {
    const rows = branches.map((row) => figures(row));
    const sum = (/** @type {(row: Doc) => number} */ of) => rows.reduce((total, row) => total + of(row), 0);
    const stats = [
      [sum((row) => row.missing), "今日未交接", "late"],
      [sum((row) => row.overdue), "回访逾期", "late"],
      [sum((row) => row.open), "未结投诉", ""],
      [branches.reduce((total, row) => total + breached(row).length, 0), "投诉超时", "late"],
      [sum((row) => row.unseen), "平板一天没联网", "soon"],
    ];
    return html`<div class="stats">${stats.map(([n, name, level]) => html`<div class="stat" data-level=${n && level ? level : nothing}><b class="stat-n">${n}</b><span>${name}</span></div>`)}</div>`;
  }

  /** @param {Map<PropertyKey, unknown>} changed the panel comes into sight when it opens */
  updated(changed) {
    const before = /** @type {Doc | undefined} */ (changed.get("query"))?.branch;
    const panel = /** @type {HTMLElement | null} */ (this.querySelector(".hq-panel"));
    if (!changed.has("query") || !this.query.branch || before === this.query.branch || !panel) return;
    if (panel.getBoundingClientRect().top > innerHeight - SEEN_PX) panel.scrollIntoView({ block: "start" });
    panel.focus({ preventScroll: true });
  }
}

customElements.define("page-hq", PageHq);
