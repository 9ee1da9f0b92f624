// Why it exists: one complaint reads as a story, and the next step waits where the eye arrives, with signing on the spot.
import { html, nothing } from "../../vendor/lit.js";
import { allowedSteps } from "../domain/workflow.js";
import { app } from "../lib/app.js";
import { dateText, honorific, instantText, moneyText, phoneText } from "../lib/format.js";
import { banner, factList } from "./bits.js";
import { clocksOf } from "./complaint-clocks.js";
import { storyItems } from "./complaint-story.js";
import { myTurn, waitsFor } from "./complaint-turn.js";
import { Page } from "./page.js";
import { actor, clockGround, label, refs, session } from "./session.js";
import "./complaint-step.js";
import "./file-attachments.js";
import "./filling-list.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 投诉 detail. */
export class PageComplaint extends Page {
  async load() {
    const [item, ground, staff] = await Promise.all([app.complaint(this.params.id ?? ""), clockGround(), refs("staff")]);
    return { item, ground, staff };
  }

  moved() {
    this.data = null;
    void this.refresh();
  }

  /** @param {{item: Doc | null, ground: any, staff: Doc[]}} data */
  view({ item, ground, staff }) {
    if (!item?.complaint) return this.gone();
    const { complaint, steps, vehicle, customer, pending, attachments } = item;
    const clocks = clocksOf(complaint, steps, ground);
    const print = html`<a class="btn" href="/print.html?form=complaint&id=${complaint.id}" target="_blank" rel="opener">
      <cd-icon name="printer"></cd-icon>打印抱怨单</a>`;
    const heading = html`<cd-plate size="l"
      .plate=${vehicle?.plate ?? ""}></cd-plate> ${honorific(customer?.name ?? "", customer?.gender)}`;
    return html`<div class="page-narrow">
      <cd-page-head always-back back="/complaints" .heading=${heading}
        .note=${`${complaint.number} · ${label("complaint_state", complaint.state)}`} .actions=${print}></cd-page-head>
      ${pending ? this.unsent() : nothing} ${this.mine(complaint)}
      <div class="cluster clocks" role="group" aria-label="时限">${clocks.map(clockChip)}</div>
      <filling-list .items=${item.fillings}></filling-list>
      ${this.facts(complaint, vehicle, customer, staff)}
      <section class="stack" aria-labelledby="story"><div class="section-head"><h2 id="story">处理经过</h2></div>
        <cd-timeline .items=${storyItems(steps, complaint)}></cd-timeline></section>
      <file-attachments heading="签字单与证据" .vehicle=${complaint.vehicle_id} .of=${{ kind: "complaint", id: complaint.id }}
        .items=${attachments ?? []} .offers=${["scan", "photo", "choose"]}></file-attachments>
      ${this.next(complaint, staff)}
    </div>`;
  }

  unsent() {
    const text = "有步骤已存本机、还没上传。服务器接受后才算生效，联网后自动上传。";
    return banner({ level: "info", icon: "cloud-upload", text, role: "status" });
  }

  /** The form stands at the end of the story; who is to fill it in is told at once. @param {Doc} complaint */
  mine(complaint) {
    const row = allowedSteps(session.schema, complaint, actor()).find((/** @type {Doc} */ one) => one.code !== "back");
    if (!row) return nothing;
    const go = () => this.querySelector("complaint-step")?.scrollIntoView({ block: "start" });
    const action = html`<button class="btn" type="button" @click=${go}>去办理</button>`;
    return banner({ level: "info", icon: "pencil", text: html`轮到您：<b>${row.label}</b>`, action });
  }

  /** @param {Doc} complaint @param {Doc} vehicle @param {Doc | null} customer @param {Doc[]} staff */
  facts(complaint, vehicle, customer, staff) {
    const name = (/** @type {string} */ id) => staff.find((person) => person.id === id)?.name ?? "";
    const phone = customer?.phones?.[0];
    const classes = [["complaint_nature", complaint.nature], ["complaint_cause", complaint.cause], ["complaint_severity", complaint.severity]];
    const facts = factList([
      ["受理", `${instantText(complaint.heard_at)} · ${label("heard_channel", complaint.heard_channel)} · ${name(complaint.heard_by)}`],
      ["分类", classes.map(([list = "", code]) => label(list, code)).filter(Boolean).join(" · ")],
      ["责任部门", label("department", complaint.department)],
      ["处理人", name(complaint.handler_id)],
      ["电话", phone ? html`<a class="num" href="tel:${phone}">${phoneText(phone)}</a>` : ""],
      ["车辆", html`<a href="/files/${vehicle?.id}">${vehicle?.model ?? "打开车档"}</a>`],
      ["客户诉求", complaint.demand],
      ["承诺补偿", complaint.compensation_fen ? moneyText(complaint.compensation_fen) : ""],
      ["结案", complaint.closed_at && `${dateText(complaint.closed_at)}`],
    ]);
    return html`<section class="card stack-s" aria-labelledby="heard"><h2 class="t-16" id="heard">客户反映</h2>
      <p class="t-18 pre">${complaint.content}</p>
      ${facts}</section>`;
  }

  /** @param {Doc} complaint @param {Doc[]} staff */
  next(complaint, staff) {
    if (complaint.state === "closed") {
      return banner({ level: "done", icon: "circle-check", text: "这件投诉已经归档。" });
    }
    const waits = waitsFor(session.schema, complaint, staff);
    const text = html`${label("complaint_state", complaint.state)}，正在等<b>${waits}</b>。`;
    return html`<complaint-step .complaint=${complaint} .staff=${staff}></complaint-step>
      ${myTurn(session.schema, complaint, actor()) ? nothing : banner({ icon: "hourglass", text })}`;
  }

  gone() {
    return html`<div class="page-narrow"><cd-page-head always-back back="/complaints" heading="投诉"></cd-page-head><cd-empty heading="这台平板上没有这件投诉" text="可能是刚登记、还没同步过来，或者属于别的门店。"
      .actions=${html`<a class="btn" href="/complaints">回到投诉看板</a>`}></cd-empty></div>`;
  }
}

/** @param {any} clock its name beside its chip */
const clockChip = (clock) => html`<span class="cluster">
  <span class="t-14 muted">${clock.label}${clock.round > 1 ? `（第 ${clock.round} 轮）` : ""}</span>
  <cd-deadline .clock=${clock}></cd-deadline></span>`;

customElements.define("page-complaint", PageComplaint);
