// Why it exists: before a call one reads who, why, and whether at all; from here one calls, texts, or books another time.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { dateText, honorific, instantText, phoneText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { banner, factList } from "./bits.js";
import { lastBeside } from "./contact.js";
import { label, newest, onNews, refs } from "./session.js";
import { fill, smsLink, wordsFor } from "./wording.js";
import "./later-dialog.js";

/** @typedef {import("./session.js").Doc} Doc */

/** One task; give `.row` of `app.today()`, or `gone` when there is none. */
export class TodayDetail extends Part {
  static properties = {
    row: { attribute: false },
    gone: { type: Boolean },
    more: { state: true },
    later: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc | null} */
    this.row = null;
    this.gone = this.later = false;
    /** @type {{gate: any, file: Doc, sms: Doc | null} | null} */
    this.more = null;
    this.stop = () => {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = onNews((news) => news.type === "data" && void this.read());
  }

  disconnectedCallback() {
    this.stop();
    super.disconnectedCallback();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {Doc | null | undefined} */ (changed.get("row"));
    if (!changed.has("row") || before?.task.id === this.row?.task.id) return;
    this.more = null;
    this.later = false;
    void this.read();
  }

  async read() {
    const row = this.row;
    if (!row) return;
    const who = { vehicle_id: row.task.vehicle_id, customer_id: row.task.customer_id ?? row.customer?.id };
    const [gate, file, scripts] = await Promise.all([app.gate(who), app.file(who.vehicle_id), refs("script")]);
    const sms = newest(scripts.filter((doc) => doc.kind === "sms"), "sms_inconvenient");
    if (row.task.id === this.row?.task.id) this.more = { gate, file, sms };
  }

  /** Whom to call, with what the file knows once it is read. @returns {Doc | null} */
  get customer() {
    const brief = this.row?.customer ?? null;
    return this.more?.file.people.find((/** @type {Doc} */ one) => one.id === brief?.id) ?? brief;
  }

  render() {
    if (!this.row) return this.gone ? this.goneTemplate() : nothing;
    const { task, vehicle } = this.row;
    const { customer } = this;
    return html`<cd-page-head back="/today" .heading=${html`<cd-plate size="l"
      .plate=${vehicle?.plate ?? ""}></cd-plate> ${honorific(customer?.name, customer?.gender)}`}
        .note=${this.facts()}></cd-page-head>
      <h2 class="sr-only">联系前须知和理由</h2>
      ${this.more ? html`<cd-gate .gate=${this.more.gate}
        .last=${lastBeside(this.more.gate, this.more.file)}></cd-gate>` : nothing}
      ${this.why()} ${this.person()}
      <div class="cluster"><a class="btn" href="/files/${task.vehicle_id}"><cd-icon name="folder-open"></cd-icon>打开车档</a></div>
      ${task.state === "open" ? this.actions() : this.closed()}`;
  }

  goneTemplate() {
    return html`<cd-empty heading="这个任务不在今日列表里" text="可能已经做完，或者转给了同事。车档里能看到全部记录。"
      .actions=${html`<a class="btn" href="/today">回到今日</a>`}></cd-empty>`;
  }

  facts() {
    const vehicle = this.more?.file.vehicle ?? this.row?.vehicle ?? {};
    const parts = [vehicle.model, vehicle.delivered_on && `交车 ${dateText(vehicle.delivered_on)}`, vehicle.consultant && `销售 ${vehicle.consultant}`];
    return parts.filter(Boolean).join(" · ");
  }

  why() {
    const { task, plan_node: node } = this.row ?? {};
    const facts = factList([
      ["回访", [node?.name, /\d/.test(task.node) && task.node].filter(Boolean).join(" · ")],
      ["截止", html`<cd-deadline .due=${task.due_at} label="回访截止"></cd-deadline>`],
      ["约定时间", instantText(task.booked_at)],
      ["已拨", task.tries && `${task.tries} 次，上次${label("outcome", task.last_outcome)}`],
    ]);
    return html`<cd-card heading="为什么打" .body=${html`<p>${node?.why ?? node?.name ?? task.node}</p>${facts}`}></cd-card>`;
  }

  /** What the file says about talking with this person (D-F4). */
  person() {
    const person = this.customer;
    return factList([["方便时间", person?.preferred_time], ["备注", person?.note]]);
  }

  actions() {
    const { task, vehicle } = this.row ?? {};
    const { customer } = this;
    const phone = customer?.phones?.[0] ?? "";
    const stopped = this.more?.gate.allow === false;
    const words = wordsFor({ customer, vehicle: this.more?.file.vehicle ?? vehicle, on: vehicle?.delivered_on });
    const text = fill(this.more?.sms?.sections?.[0]?.text, words);
    return html`<div class="page-actions">
      <button class="btn btn-large" type="button" @click=${() => (this.later = true)}>
        <cd-icon name="alarm-clock"></cd-icon>改约时间</button>
      ${phone && !stopped ? html`<a class="btn btn-large" href=${smsLink(phone, text)}>
        <cd-icon name="message-circle"></cd-icon>发短信</a>` : nothing}
      <a class="btn btn-large ${stopped ? "" : "btn-primary"}" href="/call/${task.id}"><cd-icon name="phone-call"></cd-icon>
        ${stopped ? "查看原因或补录" : html`打电话 <span class="num">${phoneText(phone)}</span>`}</a>
      <later-dialog .task=${task} .open=${this.later} @cd-close=${() => (this.later = false)}></later-dialog>
    </div>`;
  }

  closed() {
    const { task } = this.row ?? {};
    const print = `/print.html?form=callback_record&id=${task.attempt_id}`;
    const action = task.attempt_id ? html`<a class="btn btn-quiet" href=${print} target="_blank" rel="opener">打印回访记录</a>` : nothing;
    const text = `${label("task_state", task.state)} · ${instantText(task.done_at)}`;
    return banner({ level: "done", icon: "circle-check", text, action });
  }
}

customElements.define("today-detail", TodayDetail);
