// Why it exists: a tablet that has not been seen for days may hold unsent work, or be lost (TRUST, devices).
import { html } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { dateText, instantText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { isUnseen } from "./hq-figures.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Every tablet, the ones seen last first. */
export class AdminTablets extends Part {
  static properties = { rows: { state: true }, failure: { state: true } };

  constructor() {
    super();
    /** @type {Doc[] | null} */
    this.rows = null;
    /** @type {any} */
    this.failure = null;
  }

  connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  async load() {
    try {
      Object.assign(this, { rows: await api.get("/reports/devices"), failure: null });
    } catch (error) {
      this.failure = error;
    }
  }

  render() {
    if (this.failure) {
      const again = html`<button class="btn btn-primary" type="button" @click=${() => this.load()}>再试一次</button>`;
      return html`<cd-empty kind=${this.failure.code === "offline" ? "offline" : "error"} .text=${wordsOf(this.failure)} .actions=${again}></cd-empty>`;
    }
    if (!this.rows) return html`<cd-progress .value=${null} label="正在取平板列表"></cd-progress>`;
    if (!this.rows.length) return html`<cd-empty heading="还没有平板登录过" text="员工第一次在平板上登录后，会出现在这里。"></cd-empty>`;
    return html`<div class="table-wrap" tabindex="0" role="region" aria-label="平板"><table class="table">
      <thead><tr><th scope="col">平板</th><th scope="col">最后联网</th><th scope="col" class="num">待上传</th><th scope="col">首次登录</th></tr></thead>
      <tbody>${this.rows.map((row) => this.line(row))}</tbody></table></div>`;
  }

  /** @param {Doc} row */
  line({ id, name, seen_at, pending, created_at }) {
    const away = isUnseen({ seen_at }, Date.now());
    return html`<tr><th scope="row">${name} <span class="muted t-13 num">${id.slice(-6)}</span></th>
      <td>${away ? html`<span class="sign soon"><cd-icon name="cloud-off"></cd-icon>${seen_at ? instantText(seen_at) : "没有联网过"}</span>` : instantText(seen_at)}</td>
      <td class="num">${pending ?? 0}</td><td>${dateText(created_at)}</td></tr>`;
  }
}

customElements.define("admin-tablets", AdminTablets);
