// Why it exists: missed and differing hand-overs of the last days must be seen, and can still be sent or confirmed (D-H1).
import { html, nothing } from "../../vendor/lit.js";
import { isOpen, makeCalendar } from "../domain/calendar.js";
import { addDays } from "../domain/timing.js";
import { dateText, timeText, weekdayText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { branch, refs } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const DAYS = 7;

/** The last days of one kind of hand-over. */
export class HandoverList extends Part {
  static properties = { kind: {}, data: { attribute: false }, holidays: { state: true } };

  constructor() {
    super();
    this.kind = "delivery";
    /** @type {Doc} {today, handovers, imported, staff} */
    this.data = { handovers: [], imported: {}, staff: [] };
    /** @type {Doc[]} */
    this.holidays = [];
  }

  connectedCallback() {
    super.connectedCallback();
    void refs("holiday_year").then((docs) => (this.holidays = docs));
  }

  render() {
    const calendar = branch().open ? makeCalendar(/** @type {any} */ (branch()), /** @type {any} */ (this.holidays)) : null;
    const dates = Array.from({ length: DAYS }, (_, i) => addDays(this.data.today, -1 - i));
    const shown = dates.filter((date) => this.sent(date) || !calendar || isOpen(calendar, date));
    return html`<section class="stack-s" aria-label="前几天的交接"><h2 class="section-title">前几天的交接</h2>
      <div class="table-wrap" tabindex="0" role="region" aria-label="前几天的交接"><table class="table table--dense table--middle">
        <thead><tr><th scope="col">日期</th><th scope="col">交接</th><th scope="col" class="num">已导入</th><th scope="col">客服确认</th><th scope="col"><span class="sr-only">操作</span></th></tr></thead>
        <tbody>${shown.map((date) => this.row(date))}</tbody></table></div></section>`;
  }

  /** @param {string} date @returns {Doc | undefined} */
  sent(date) {
    return this.data.handovers.find((/** @type {Doc} */ doc) => doc.kind === this.kind && doc.date === date);
  }

  /** @param {string} date */
  row(date) {
    const doc = this.sent(date);
    const n = this.data.imported[date]?.[this.kind] ?? 0;
    const odd = doc && doc.count !== n;
    return html`<tr class=${doc ? "" : "is-late"}>
      <th scope="row">${dateText(date)} ${weekdayText(date)}</th>
      <td>${doc ? html`${doc.nil ? "无，已签字" : `${doc.count} 台`} · ${timeText(doc.sent_at)}` : html`<span class="sign late"><cd-icon name="circle-alert"></cd-icon>未交接</span>`}</td>
      <td class="num">${odd ? html`<span class="sign soon"><cd-icon name="triangle-alert" label="与交接不一致"></cd-icon>${n}</span>` : n}</td>
      <td>${doc?.received_at ? html`<span class="sign done"><cd-icon name="check"></cd-icon>核对 ${doc.received_count} 台</span>` : doc ? "待确认" : "—"}</td>
      <td>${this.action(date, doc)}</td></tr>`;
  }

  /** @param {string} date @param {Doc | undefined} doc */
  action(date, doc) {
    const day = /** @type {import("./handover-day.js").HandoverDay | null} */ (this.parentElement?.querySelector("handover-day") ?? null);
    if (!day || doc?.received_at) return nothing;
    const [text, run] = doc ? ["确认", () => day.beginReceive(doc)] : ["补交接", () => day.begin(!this.data.imported[date]?.[this.kind], date)];
    return day.may(doc ? "handover.receive" : "handover.send") ? html`<button class="btn btn-quiet" type="button" @click=${run}>${text}</button>` : nothing;
  }
}

customElements.define("handover-list", HandoverList);
