// Why it exists: the day's hand-over is sent, or signed as none, and confirmed by customer service against what was imported
// (D-H1, D-H2); all of it works offline.
import { html, nothing } from "../../vendor/lit.js";
import { contentId } from "../lib/ids.js";
import { dateText, dayOf, instantText, timeText } from "../lib/format.js";
import { partOf } from "../lib/partitions.js";
import { Part } from "../parts/part.js";
import { receiveForm, sendForm, told, withoutNull } from "./handover-forms.js";
import { save } from "./saving.js";
import { branch, label, roles, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Today's hand-over of one kind, with its dialogs; `begin(nil)` opens the one for sending. */
export class HandoverDay extends Part {
  static properties = {
    kind: {},
    quiet: { type: Boolean, reflect: true },
    data: { attribute: false },
    dialog: { state: true },
    draft: { state: true },
    problems: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** `delivery` or `repair` */
    this.kind = "delivery";
    /** @type {Doc} {today, handovers, imported, staff} */
    this.data = { handovers: [], imported: {}, staff: [] };
    /** @type {"" | "send" | "receive"} */
    this.dialog = "";
    /** @type {Doc} */
    this.draft = {};
    /** @type {import("../parts/types.js").Problem[]} */
    this.problems = [];
    this.quiet = this.busy = false;
  }

  /** May one of the person's posts do this? @param {string} op kind */
  may(op) {
    return roles().some((role) => session.schema?.ops[op]?.roles.includes(role));
  }

  /** @param {string} [date] @returns {Doc | null} */
  sent(date = this.data.today) {
    return this.data.handovers.find((/** @type {Doc} */ doc) => doc.kind === this.kind && doc.date === date) ?? null;
  }

  /** @param {string} [date] imported records of that day */
  imported(date = this.data.today) {
    return this.data.imported[date]?.[this.kind] ?? 0;
  }

  get nilText() {
    const items = session.schema?.lists.handover_kind.items ?? [];
    return items.find((/** @type {Doc} */ item) => item.code === this.kind)?.nil ?? "今日无";
  }

  render() {
    return html`${this.quiet ? nothing : this.card()}${this.panel()}`;
  }

  card() {
    const doc = this.sent();
    const late = !doc && timeText(new Date().toISOString()) >= (branch().close ?? "24:00");
    const level = doc ? (doc.received_at ? "done" : "info") : late ? "late" : "soon";
    const words = doc ? (doc.received_at ? "今天已交接，客服已确认" : "今天已交接，等客服确认") : late ? "已过下班时间，今天还没交接" : "今天还没交接";
    return html`<cd-card .level=${level} .heading=${words} .body=${doc ? this.facts(doc) : this.hint()} .actions=${this.actions(doc)}></cd-card>`;
  }

  hint() {
    const n = this.imported();
    return html`<p>${n ? `今天的${label("handover_kind", this.kind)}已导入 ${n} 台，核对后交接给客服。` : "今天还没有导入的记录。有就先导入再交接；确实没有，也要签字说明。"}</p>`;
  }

  /** @param {Doc} doc */
  facts(doc) {
    const nameOf = (/** @type {string} */ id) => this.data.staff.find((/** @type {Doc} */ one) => one.id === id)?.name ?? "";
    const n = this.imported(doc.date);
    return html`<dl class="kv kv--columns">
      <div><dt>交接</dt><dd>${doc.nil ? this.nilText : `${doc.count} 台`}</dd></div>
      <div><dt>已导入</dt><dd>${n} 台${n === doc.count ? "，一致" : html`<span class="soon">，相差 ${Math.abs(n - doc.count)} 台</span>`}</dd></div>
      <div><dt>交接人</dt><dd>${nameOf(doc.sent_by)} ${instantText(doc.sent_at)}</dd></div>
      ${doc.received_at ? html`<div><dt>确认人</dt><dd>${nameOf(doc.received_by)} ${instantText(doc.received_at)}，核对 ${doc.received_count} 台</dd></div>` : nothing}
      ${doc.note ? html`<div><dt>备注</dt><dd>${doc.note}</dd></div>` : nothing}</dl>`;
  }

  /** @param {Doc | null} doc */
  actions(doc) {
    const send = this.may("handover.send") && !doc;
    const receive = this.may("handover.receive") && doc && !doc.received_at;
    if (receive) return html`<button class="btn btn-primary" type="button" @click=${() => this.beginReceive(doc)}>核对并确认收到</button>`;
    if (!send) return nothing;
    return html`<button class="btn" type="button" @click=${() => this.begin(true)}><cd-icon name="signature"></cd-icon>${this.nilText}</button>
      <button class="btn ${this.imported() ? "btn-primary" : ""}" type="button" @click=${() => this.begin(false)}><cd-icon name="send"></cd-icon>交接给客服</button>`;
  }

  panel() {
    const form = this.dialog === "receive" ? receiveForm : sendForm;
    const change = (/** @type {string} */ name, /** @type {unknown} */ value) => (this.draft = { ...this.draft, [name]: value });
    const { heading, body, submit } = form({ draft: this.draft, problems: this.problems, change, day: this });
    const run = () => void (this.dialog === "receive" ? this.receive() : this.send());
    const actions = html`<button class="btn btn-primary btn-large" type="button" ?disabled=${this.busy} @click=${run}>${submit}</button>`;
    return html`<cd-dialog .open=${this.dialog !== ""} .heading=${heading} .body=${body} .actions=${actions} @cd-close=${() => (this.dialog = "")}></cd-dialog>`;
  }

  /** @param {boolean} nil @param {string} [date] */
  begin(nil, date = this.data.today) {
    const draft = { nil, date, count: nil ? 0 : this.imported(date) || null, signature: null, note: null };
    Object.assign(this, { dialog: "send", problems: [], draft });
  }

  /** @param {Doc} doc */
  beginReceive(doc) {
    Object.assign(this, { dialog: "receive", problems: [], draft: { handover: doc, received_count: doc.count, note: null } });
  }

  async send() {
    const { nil, date, count, signature, note } = this.draft;
    const id = await contentId(partOf(branch().code), "handover", this.kind, date);
    const handover = { id, kind: this.kind, date, count, nil, signature, note };
    await this.store("handover.send", { handover: withoutNull(handover) }, nil ? this.nilText : `${dateText(date)}交接`);
  }

  async receive() {
    const { handover, received_count, note } = this.draft;
    const body = { id: handover.id, received_count, received_at: new Date().toISOString(), note };
    await this.store("handover.receive", withoutNull(body), `${dateText(dayOf(handover.date))}交接确认`);
  }

  /** @param {string} kind @param {Doc} body @param {string} what */
  async store(kind, body, what) {
    this.busy = true;
    try {
      await save(kind, body, { what });
      this.dialog = "";
    } catch (error) {
      this.problems = told(/** @type {any} */ (error));
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("handover-day", HandoverDay);
