// Why it exists: gallery sections for the call, the contact card, dialogs and notes.
import { html } from "../../../vendor/lit.js";
import { toast } from "../../parts/cd-toast.js";
import { NOW, QUESTIONS } from "./data.js";

const CARDS = [
  { code: "info", level: "info", text: "上次 11-19 李梅，交车当日回访，满意。" },
  { code: "warn", level: "warn", text: "7 天内本店已联系 3 次，再打前请先看上次记录。" },
  { code: "stop", level: "stop", text: "有一件重大投诉在处理，请由客服经理周敏联系。" },
];

const STEPS = QUESTIONS.map(([label], i) => ({ label: String(label), done: i === 0 }));

export const answerSection = () => html`
  <div class="card"><cd-steps .steps=${STEPS} .current=${1} started="2026-11-21T02:20:48.000Z" .now=${NOW}></cd-steps></div>
  <div class="card"><cd-steps .steps=${Array.from({ length: 60 }, (_, i) => ({ label: "维修质量与车间流程说明", done: i < 31 }))} .current=${31} started="2026-11-21T02:14:48.000Z" .now=${NOW}></cd-steps></div>
  <div class="columns">
    ${[null, "yes", "no", "na"].map((value, i) => html`<div class="card"><cd-yes-no question="q${i}" .text=${String(QUESTIONS[0]?.[1])}
      .reasons=${QUESTIONS[0]?.[2]} .value=${value} .reason=${value === "no" ? "等待时间长；没人招呼" : null} .praise=${value === "yes" ? "小陈很热情" : null}
      ?na=${i !== 2} ?keys=${i === 0} .hint=${i === 0 ? "等客户说完，不插话、不解释。" : ""} .problem=${value === "no" ? "请写下原因。" : ""}></cd-yes-no></div>`)}
  </div>
  <div class="columns">
    <cd-gate .gate=${{ allow: true, cards: [] }} last="上次 11-19 李梅 1DC 满意"></cd-gate>
    <cd-gate .gate=${{ allow: true, cards: CARDS.slice(0, 2) }}></cd-gate>
    <cd-gate .gate=${{ allow: false, cards: CARDS }} .body=${html`<button class="btn">转给周敏</button>`}></cd-gate>
  </div>`;

/** @param {string} id */
const show = (id) => () => {
  const dialog = document.getElementById(id);
  if (dialog) Object.assign(dialog, { open: true });
};

export const overlaySection = () => html`
  <div class="cluster">
    <button class="btn" id="open-dialog" @click=${show("dialog")}>打开弹窗</button>
    <button class="btn" id="show-toast" @click=${() => toast("已存本机", { level: "done", action: "撤销", run: () => {} })}>提示</button>
    <button class="btn" @click=${() => toast("服务器没有接受：这张单子已经走到别的步骤，请查看最新进展。", { level: "late", stay: true })}>出错提示</button>
  </div>
  <cd-search placeholder="车牌、姓名、电话、车架号" value="粤A123" .count=${3}></cd-search>
  <cd-search placeholder="车牌、姓名、电话、车架号" busy></cd-search>
  <cd-dialog id="dialog" heading="约个时间再打"
    .body=${html`<div class="stack"><p>客户现在没空，只需要记下方便的时间。</p><cd-field name="booked_at" .field=${{ type: "instant", label: "约定时间" }} value="2026-11-21T06:30:00.000Z" required></cd-field></div>`}
    .actions=${html`<button class="btn">取消</button><button class="btn btn-primary">约好了</button>`}></cd-dialog>`;
