// Why it exists: open complaints stand on a board by step, the most urgent first, and only my turn is bold.
import { html, nothing, repeat } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { honorific } from "../lib/format.js";
import { clocksOf, pressing } from "./complaint-clocks.js";
import { myTurn, waitsFor } from "./complaint-turn.js";
import { absent, downloadProgress, Page } from "./page.js";
import { actor, clockGround, label, refs, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 投诉: lanes are steps. */
export class PageComplaints extends Page {
  static properties = { mine: { state: true } };

  constructor() {
    super();
    this.mine = false;
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.requestUpdate(), 60_000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  async load() {
    const [list, ground, staff] = await Promise.all([app.complaints(), clockGround(), refs("staff")]);
    return { list, ground, staff };
  }

  /** @param {{list: Doc[], ground: any, staff: Doc[]}} data */
  view({ list, ground, staff }) {
    const who = actor();
    const cards = list.map((item) => ({
      ...item,
      mine: myTurn(session.schema, item.complaint, who),
      clock: pressing(clocksOf(item.complaint, item.steps, ground)),
    }));
    const shown = this.mine ? cards.filter((card) => card.mine) : cards;
    const add = html`<a class="btn btn-primary" href="/complaints/new"><cd-icon name="plus"></cd-icon>受理投诉</a>`;
    return html`<div class="page-wide">
      <cd-page-head heading="投诉" .note=${absent() ? "" : this.note(cards)} .actions=${add}></cd-page-head>
      ${downloadProgress()} ${list.length ? this.filters(cards) : nothing}
      ${absent() ?? nothing} ${shown.length ? this.board(shown, staff) : this.empty(list.length)}</div>`;
  }

  /** @param {Doc[]} cards */
  note(cards) {
    const late = cards.filter((card) => card.clock?.state === "late").length;
    const mine = cards.filter((card) => card.mine).length;
    return [`未结 ${cards.length} 件`, late && `超时 ${late} 件`, mine && `轮到我 ${mine} 件`].filter(Boolean).join("，");
  }

  /** @param {Doc[]} cards */
  filters(cards) {
    const mine = cards.filter((card) => card.mine).length;
    return html`<div class="cluster" role="group" aria-label="筛选">
      <button class="chip" type="button" aria-pressed=${!this.mine}
        @click=${() => (this.mine = false)}>全部 ${cards.length}</button>
      <button class="chip" type="button" aria-pressed=${this.mine}
        @click=${() => (this.mine = true)}>轮到我 ${mine}</button></div>`;
  }

  /** @param {Doc[]} cards @param {Doc[]} staff */
  board(cards, staff) {
    const states = session.schema.lists.complaint_state.items.filter((/** @type {Doc} */ item) => item.code !== "closed");
    return html`<div class="board" role="region" aria-label="投诉看板"
      tabindex="0">${states.map((/** @type {Doc} */ { code, label: title }) => {
      const lane = cards.filter((card) => card.complaint.state === code).sort(byUrgency);
      if (this.mine && !lane.length) return nothing;
      return html`<section class="lane" aria-labelledby="lane-${code}">
        <h2 class="lane-head" id="lane-${code}">${title} <span class="count">${lane.length}</span></h2>
        <div class="lane-body">${repeat(lane, (card) => card.complaint.id, (card) => this.card(card, staff))}</div></section>`;
    })}</div>`;
  }

  /** @param {Doc} card @param {Doc[]} staff */
  card({ complaint, vehicle, customer, mine, clock, pending }, staff) {
    const serious = complaint.severity && complaint.severity !== "ordinary";
    const turn = mine ? "轮到我" : `等${waitsFor(session.schema, complaint, staff)}`;
    const heading = html`<cd-plate size="s"
      .plate=${vehicle?.plate ?? ""}></cd-plate> ${honorific(customer?.name ?? "", customer?.gender)}`;
    return html`<cd-card href="/complaints/${complaint.id}" ?strong=${mine} .level=${clock?.state === "late" ? "late" : ""}
      .heading=${heading}
      .body=${html`<p class="clamp-2">${complaint.content}</p>
        <div class="cluster">${clock ? html`<cd-deadline plain .clock=${clock}></cd-deadline>` : nothing}
          ${serious ? html`<span class="badge"
            data-level="late">${label("complaint_severity", complaint.severity)}</span>` : nothing}
          ${complaint.round > 1 ? html`<span class="badge" data-level="soon">第 ${complaint.round} 轮</span>` : nothing}
          ${pending ? html`<span class="badge" data-level="info">待上传</span>` : nothing}</div>
        <p class="t-14 ${mine ? "strong" : "muted"}">${turn}</p>`}></cd-card>`;
  }

  /** @param {number} all */
  empty(all) {
    if (all) {
      const see = html`<button class="btn" type="button" @click=${() => (this.mine = false)}>看全部 ${all} 件</button>`;
      return html`<cd-empty kind="done" heading="没有轮到您的投诉" text="其他人正在处理的，可以在「全部」里看到进展。" .actions=${see}></cd-empty>`;
    }
    if (absent()) return nothing;
    return html`<cd-empty kind="done" heading="没有未结的投诉" text="客户当面、来电或回访中提出的投诉，点「受理投诉」登记，24 小时内闭环。"></cd-empty>`;
  }
}

/** @param {Doc} a @param {Doc} b */
const byUrgency = (a, b) => Number(b.mine) - Number(a.mine) || (a.clock?.due_at ?? "9").localeCompare(b.clock?.due_at ?? "9");

customElements.define("page-complaints", PageComplaints);
