// Why it exists: everything about one car on one screen; an open complaint cannot be overlooked (D-F1, D-G1).
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { dateText, instantText, vinText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { banner, factList } from "./bits.js";
import { eachOnce, lastBeside } from "./contact.js";
import { documentList } from "./file-documents.js";
import { filters, timelineItems } from "./file-timeline.js";
import { label, nodeNames, onNews } from "./session.js";
import { mayMove } from "./move-dialog.js";
import { scanInto } from "./file-attachments.js";
import "./file-person.js";
import "./filling-list.js";

/** @typedef {import("./session.js").Doc} Doc */

/** One file; give `.vehicle` its id. */
export class FileView extends Part {
  static properties = { vehicle: {}, file: { state: true }, gate: { state: true }, filter: { state: true }, missing: { state: true }, moving: { state: true } };

  constructor() {
    super();
    this.vehicle = "";
    /** @type {Doc | null} */
    this.file = null;
    /** @type {any} */
    this.gate = null;
    this.filter = "";
    this.missing = this.moving = false;
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
    if (!changed.has("vehicle")) return;
    Object.assign(this, { file: null, gate: null, filter: "", missing: false, moving: false });
    void this.read();
  }

  async read() {
    const id = this.vehicle;
    try {
      const found = await app.file(id);
      const file = { ...found, people: eachOnce(found.people), names: await nodeNames() };
      const gate = await app.gate({ vehicle_id: id, customer_id: file.people[0]?.id });
      if (id === this.vehicle) Object.assign(this, { file, gate, missing: !file.vehicle?.vin });
    } catch {
      if (id === this.vehicle) this.missing = !this.file;
    }
  }

  render() {
    if (this.missing) {
      return html`<cd-page-head back="/files" heading="车档"></cd-page-head><cd-empty heading="这台平板上没有这份车档"
        text="可能还在下载，或者属于别的门店。联网同步后再看一次。"
        .actions=${html`<a class="btn" href="/files">回到车档</a>`}></cd-empty>`;
    }
    const { file } = this;
    if (!file) return html`<p class="muted" aria-busy="true">正在打开…</p>`;
    const { vehicle } = file;
    const actions = html`<a class="btn" href="/print.html?form=vehicle_file&id=${vehicle.id}" target="_blank" rel="opener">
      <cd-icon name="printer"></cd-icon>打印</a>
      ${mayMove() ? html`<button class="btn" @click=${() => (this.moving = true)}><cd-icon name="arrow-right-left"></cd-icon>转店</button>` : nothing}`;
    return html`<cd-page-head back="/files" .heading=${html`<cd-plate size="l"
      .plate=${vehicle.plate ?? ""}></cd-plate> ${vehicle.model ?? ""}`}
        .note=${[vehicle.archive_no && `档案号 ${vehicle.archive_no}`, vehicle.color].filter(Boolean).join(" · ")}
        .actions=${actions}></cd-page-head>
      ${file.complaints.filter((/** @type {Doc} */ one) => one.state !== "closed").map((/** @type {Doc} */ one) => this.banner(one))}
      <filling-list .items=${file.fillings}></filling-list>
      ${file.partial ? banner({ level: "info", icon: "cloud-download", text: "这份车档还没下载完，先显示已有的部分。" }) : nothing}
      <h2 class="sr-only">联系前须知</h2>
      <cd-gate .gate=${this.gate} .last=${lastBeside(this.gate, file)}></cd-gate>
      ${this.people(file)} ${this.due(file)} ${this.facts(vehicle)} ${documentList(file, (code) => scanInto(this, code))}
      <file-attachments .vehicle=${vehicle.id} .items=${file.attachments}></file-attachments> ${this.story(file)}
      <div class="page-actions"><a class="btn btn-large" href="/complaints/new?vehicle=${vehicle.id}">
        <cd-icon name="message-square-warning"></cd-icon>受理投诉</a></div>
      <move-dialog .vehicle=${vehicle} .open=${this.moving} @cd-close=${() => (this.moving = false)}
        @cd-moved=${() => Object.assign(this, { moving: false, file: null, missing: true })}></move-dialog>`;
  }

  /** @param {Doc} complaint */
  banner(complaint) {
    const text = html`<b>有未结投诉</b> ${complaint.number} · ${label("complaint_state", complaint.state)}<br />${complaint.content}`;
    const action = html`<a class="btn" href="/complaints/${complaint.id}">查看处理进展</a>`;
    return banner({ level: "late", icon: "octagon-alert", text, action, role: "status" });
  }

  /** @param {Doc} file */
  people(file) {
    return html`<section class="stack-s" aria-labelledby="file-people"><div class="section-head"><h2
      id="file-people">相关人员</h2></div>
      <div class="columns">${file.people.map((/** @type {Doc} */ person) => html`<file-person .person=${person}
        .pending=${file.pending.includes(person.id)}></file-person>`)}</div>
      ${file.people.length ? nothing : html`<p class="muted">还没有登记客户。</p>`}</section>`;
  }

  /** What comes next for this car. @param {Doc} file */
  due(file) {
    const open = file.tasks.filter((/** @type {Doc} */ task) => task.state === "open").reverse().slice(0, 4);
    const until = file.vehicle.insurance_until;
    if (!open.length && !until) return nothing;
    return html`<section class="stack-s" aria-labelledby="file-due"><div class="section-head"><h2 id="file-due">接下来</h2></div>
      ${open.length ? html`<div class="list">${open.map((/** @type {Doc} */ task) => html`<cd-list-row href="/today/${task.id}"
        .plate=${null} .heading=${file.names[task.node] ?? task.node}
        .note=${[label("role", task.owner_role), task.booked_at && `预约 ${instantText(task.booked_at)}`].filter(Boolean).join(" · ")} .due=${task.due_at}></cd-list-row>`)}</div>` : nothing}
      ${until ? html`<p class="muted">保险到期 ${dateText(until)}</p>` : nothing}</section>`;
  }

  /** @param {Doc} vehicle */
  facts(vehicle) {
    const place = [["柜", vehicle.cabinet], ["屉", vehicle.drawer], ["卷", vehicle.folder]].filter(([, text]) => text);
    const facts = factList([
      ["车架号", html`<span class="num">${vinText(vehicle.vin)}</span>`],
      ["交车", vehicle.delivered_on && dateText(vehicle.delivered_on)],
      ["销售顾问", vehicle.consultant],
      ["里程", vehicle.mileage_km ? `${vehicle.mileage_km.toLocaleString("zh-CN")} 公里` : ""],
      ["纸质档案", place.map(([name, text]) => `${text}${name}`).join(" ")],
      ["备注", vehicle.note],
    ], "kv--columns");
    return html`<section class="stack-s" aria-labelledby="file-car"><div class="section-head"><h2 id="file-car">车辆资料</h2></div>
      ${facts}</section>`;
  }

  /** @param {Doc} file */
  story(file) {
    const items = timelineItems(file).filter((item) => !this.filter || item.sort === this.filter);
    const put = (/** @type {string} */ key) => (this.filter = key);
    return html`<section class="stack-s" aria-labelledby="file-story"><div class="section-head"><h2
      id="file-story">经过</h2></div>
      ${filters(this.filter, put)}
      ${items.length ? html`<cd-timeline .items=${items}></cd-timeline>` : html`<p class="muted">这一类还没有记录。</p>`}</section>`;
  }
}

customElements.define("file-view", FileView);
