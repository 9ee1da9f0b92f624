// Why it exists: every screen loads, waits, fails and refreshes in the same way, so that none of them forgets one of it.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { Part } from "../parts/part.js";
import { isAbsent } from "../parts/sync-words.js";
import { onNews, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Base of screens: `load()` answers the data, `view(data)` shows them; both are called again when data change. */
export class Page extends Part {
  /** @type {import("../../vendor/lit.js").PropertyDeclarations} */
  static properties = {
    params: { attribute: false },
    query: { attribute: false },
    data: { state: true },
    failure: { state: true },
  };

  constructor() {
    super();
    /** @type {Record<string, string>} */
    this.params = {};
    /** @type {Record<string, string>} */
    this.query = {};
    /** @type {any} */
    this.data = null;
    /** @type {any} */
    this.failure = null;
    this.turn = 0;
    this.stop = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = onNews((news) => this.heard(news));
    void this.refresh();
  }

  disconnectedCallback() {
    this.stop();
    this.turn += 1;
    super.disconnectedCallback();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (this.hasUpdated && changed.has("params")) this.moved();
  }

  /** Another address of the same screen. */
  moved() {
    void this.refresh();
  }

  /** @param {{type: string}} news */
  heard(news) {
    if (news.type === "data") void this.refresh();
    else this.requestUpdate();
  }

  /** @returns {Promise<any>} what `view` needs */
  async load() {
    return {};
  }

  /** Loads again; an older answer never overwrites a newer one. */
  async refresh() {
    const mine = ++this.turn;
    try {
      const data = await this.load();
      if (mine === this.turn) Object.assign(this, { data, failure: null });
    } catch (error) {
      if (mine === this.turn) this.failure = error;
    }
  }

  /** @returns {unknown} */
  render() {
    if (this.failure && !this.data) return this.failed();
    return this.data ? this.view(this.data) : this.waiting();
  }

  /** @param {any} _data @returns {unknown} */
  view(_data) {
    return html``;
  }

  /** The first download, or the blink before the tablet's own data are read. */
  waiting() {
    return html`<div class="page"><div class="stack" aria-busy="true">${downloadProgress()}</div></div>`;
  }

  failed() {
    const again = html`<button class="btn btn-primary" @click=${() => this.refresh()}>再试一次</button>`;
    return html`<div class="page"><cd-empty kind="error" .text=${this.failure?.message ?? ""}
      .actions=${again}></cd-empty></div>`;
  }
}

/** In portrait the list gives way to the detail: the focus goes along. @param {Page} page */
export async function focusDetail(page) {
  await page.updateComplete;
  const [list, detail] = [page.querySelector(".split-list"), page.querySelector(".split-detail")];
  if (!(detail instanceof HTMLElement) || !list || getComputedStyle(list).display !== "none") return;
  detail.tabIndex = -1;
  detail.focus({ preventScroll: true });
}

/** The row of the open detail comes into sight in its list, e.g. after a deep link; rows draw themselves a little later. @param {Page} page */
export const showCurrent = (page) =>
  requestAnimationFrame(() => page.querySelector(".split-list .row.is-current")?.scrollIntoView({ block: "nearest" }));

/** Progress of the first download with what can be done already; nothing when none runs. */
export function downloadProgress() {
  const sync = session.state?.sync;
  if (sync?.phase !== "downloading") return html``;
  return html`<cd-progress label="正在下载本店车档" .value=${sync.percent}
    detail="今日任务最先到；列表出来就可以打电话，车档搜索随下载逐步可用。"></cd-progress>`;
}

/** What stands in place of "nothing to do" while the branch's data are not on this tablet: nothing while they are on their
 * way; null when they are here. */
export function absent() {
  const { state } = session;
  if (!state?.branch || state.loaded !== false) return null;
  return isAbsent(state) ? html`<cd-empty kind="absent" .actions=${syncButton()}></cd-empty>` : nothing;
}

const syncButton = () => html`<button class="btn" type="button" @click=${syncSoon}>现在下载</button>`;

/** Asks for a sync round without waiting for it. */
export const syncSoon = () => void app.sync_now().catch(() => {});
