// Why it exists: whole screens made only of parts and layout classes, to judge them together at their real size.
import { html } from "../../../vendor/lit.js";
import { countText } from "../../lib/format.js";
import { LONG_NAME, NOW, QUESTIONS, STORY, syncState, TASKS } from "./data.js";

/** @typedef {import("../../parts/types.js").Schema} Schema */

const ROLES = ["cs_manager", "admin", "hq_operator"];

/** @param {string} current @param {unknown} page @param {Parameters<typeof syncState>[0]} [sync] */
const shell = (current, page, sync = {}) => html`<div class="app">
  <cd-app-bar branch="深圳龙华店" .branches=${3} person="李梅" .role=${"客服专员"} .state=${syncState(sync)} .now=${NOW}></cd-app-bar>
  <cd-nav .roles=${ROLES} .current=${current} .counts=${{ today: 15, complaints: 2 }}></cd-nav>
  <main class="app-main" id="main" tabindex="-1">${page}</main>
</div>`;

/** @param {boolean} open */
const today = (open) => shell("/today", html`<div class="split" ?data-detail=${open}>
  <section class="split-list">
    <cd-page-head heading="今日" note="11月21日 周六"></cd-page-head>
    <div class="stats"><button class="stat" data-level="late" aria-pressed="false"><b class="stat-n">2</b><span>超时</span></button><button class="stat" aria-pressed="false"><b class="stat-n">9</b><span>上午</span></button>
      <button class="stat" aria-pressed="false"><b class="stat-n">6</b><span>下午</span></button><button class="stat" data-level="done" aria-pressed="false"><b class="stat-n">4</b><span>已完成</span></button></div>
    <div class="list">${TASKS.map((task, i) => html`<cd-list-row href="#${task.plate}" .plate=${task.plate} .heading=${task.name} .note=${task.note}
      .level=${task.level} .due=${task.due} .now=${NOW} ?current=${i === 0} ?strong=${i < 2} ?pending=${i === 5}></cd-list-row>`)}</div>
  </section>
  <section class="split-detail">
    <cd-page-head back="#list" .heading=${html`<cd-plate plate="粤A12345" size="l"></cd-plate> 张伟 先生`} note="秦PLUS DM-i · 交车 11-18 · 销售 陈晓东"
      .actions=${html`<a class="btn" href="#file">看档案</a>`}></cd-page-head>
    <cd-gate .gate=${{ allow: true, cards: [{ code: "x", level: "info", text: "客户偏好 14:00 以后联系，手机优先。" }] }} last="上次 11-19 李梅 1DC 满意"></cd-gate>
    <cd-card .heading=${"为什么打"} .body=${html`<p>交车后第 3 天，确认用车是否顺手、随车资料和承诺的赠品是否齐全。</p>
      <dl class="kv kv--columns"><div><dt>截止</dt><dd>今天 09:24</dd></div><div><dt>负责</dt><dd>销售顾问 陈晓东</dd></div><div><dt>已拨</dt><dd>1 次，无人接听</dd></div><div><dt>问卷</dt><dd>三日回访 第 4 版</dd></div></dl>`}></cd-card>
    <cd-card .heading=${"最近联系"} .body=${html`<cd-timeline .items=${STORY.slice(1, 3).map((item) => ({ ...item, round: undefined }))} .now=${NOW}></cd-timeline>`}></cd-card>
    <div class="page-actions"><button class="btn btn-quiet">不该我打</button><button class="btn">以后再打</button>
      <a class="btn btn-primary btn-large" href="#call"><cd-icon name="phone"></cd-icon><span class="num">打电话 138 0013 8000</span></a></div>
  </section></div>`, { online: false, pending: 3 });

let at = 0;
/** @type {Record<string, Record<string, unknown>>} */
const answers = { q0: { value: "no", reason: "等待时间长" } };

/** @param {() => void} redraw */
export const callScreen = (redraw) => {
  const [, text, reasons] = QUESTIONS[at] ?? [];
  const given = answers[`q${at}`] ?? {};
  const move = (/** @type {number} */ to) => {
    at = Math.max(0, Math.min(QUESTIONS.length - 1, to));
    redraw();
  };
  const keep = (/** @type {CustomEvent} */ event) => {
    answers[event.detail.question] = event.detail;
    redraw();
  };
  return shell("/call/1", html`<div class="call">
    <header class="call-top"><cd-steps .steps=${QUESTIONS.map(([label], i) => ({ label: String(label), done: Boolean(answers[`q${i}`]) }))} .current=${at} started="2026-11-21T02:20:48.000Z" .now=${NOW}
      @cd-step=${(/** @type {CustomEvent} */ event) => move(event.detail.index)}></cd-steps></header>
    <aside class="call-person"><div class="stack-s"><cd-plate plate="粤A12345" size="l"></cd-plate><p class="t-18 strong">张伟 先生</p><p class="muted t-14">秦PLUS DM-i · 交车 11-18</p></div>
      <a class="btn btn-block" href="tel:13800138000"><cd-icon name="phone"></cd-icon><span class="num">138 0013 8000</span></a>
      <cd-gate .gate=${{ allow: true, cards: [] }} last="上次 11-19 李梅 1DC 满意"></cd-gate></aside>
    <section class="call-centre"><cd-yes-no question="q${at}" .text=${String(text)} .reasons=${reasons} .value=${given.value ?? null} .reason=${given.reason ?? null} .praise=${given.praise ?? null} na keys
      hint="读完停一下，让客户先说。" @cd-answer=${keep} @cd-next=${() => move(at + 1)}></cd-yes-no></section>
    <aside class="call-side"><h2 class="t-16">遇到这些情况</h2><div class="stack-s">${["朋友也想买车", "担心个人信息", "过保为什么还来店", "电话太多了"].map((label) => html`<button class="btn btn-block">${label}</button>`)}</div>
      <details class="fold"><summary>礼仪</summary><p class="muted">语气放缓，不打断；不替客户下结论。</p></details></aside>
    <footer class="call-actions"><div class="cluster"><button class="btn">现在没空</button><button class="btn btn-quiet">没打通</button></div><button class="btn btn-primary btn-large" @click=${() => move(at + 1)}>下一步</button></footer>
  </div>`);
};

const LANES = ["待登记", "待客服经理意见", "待总经理审阅", "待派工", "处理中", "待满意度回访", "待总经理签批", "待归档"];

const board = () => shell("/complaints", html`<div class="page-wide"><cd-page-head heading="投诉" note="8 件在处理，2 件轮到您" .actions=${html`<button class="chip" aria-pressed="true">只看轮到我的</button><a class="btn btn-primary" href="#new">受理投诉</a>`}></cd-page-head>
  <div class="board" tabindex="0" role="region" aria-label="投诉看板">${LANES.map((label, i) => html`<section class="lane"><h2 class="lane-head">${label}<span class="count">${[1, 2, 0, 1, 2, 1, 0, 1][i]}</span></h2>
    <div class="lane-body">${TASKS.slice(0, [1, 2, 0, 1, 2, 1, 0, 1][i]).map((task, j) => html`<cd-card href="#${i}${j}" ?strong=${i === 1} .heading=${html`<cd-plate .plate=${task.plate}></cd-plate> ${j && i === 4 ? LONG_NAME : task.name}`}
      .body=${html`<p class="clamp-2">提车第二天右前门异响，到店等了四十分钟没有人接待</p><div class="spread"><cd-deadline .due=${task.due} .now=${NOW}></cd-deadline><span class="muted t-14">${i === 1 ? "轮到您" : "周敏"}</span></div>`}></cd-card>`)}</div></section>`)}</div></div>`);

const office = () => shell("/hq", html`<div class="page"><cd-page-head heading="总部" note="3 家门店 · 数据截至 10:24" .actions=${html`<button class="btn"><cd-icon name="download"></cd-icon>导出</button>`}></cd-page-head>
  <div class="table-wrap" tabindex="0" role="region" aria-label="门店对比"><table class="table"><thead><tr><th>门店</th><th>今日交接</th>${["应回访", "已完成", "进行中时限", "超时", "满意度"].map((name) => html`<th class="num">${name}</th>`)}<th>平板</th></tr></thead>
    <tbody>${["深圳龙华店", "广州番禺店", "佛山南海店"].map((name, i) => html`<tr class=${i ? "" : "is-late"}><th scope="row"><a href="#b${i}">${name}</a></th><td>${i ? "已交接 12 台" : "还没交接"}</td>
      ${[52, 9999, 0, i ? 0 : 6, 92].map((n) => html`<td class="num"><a href="#n${i}${n}">${countText(n)}</a></td>`)}<td>${i ? "全部在线" : "1 台 3 天未联网"}</td></tr>`)}</tbody></table></div></div>`);

/** @param {Schema} schema */
const entry = (schema) => shell("/complaints/new", html`<div class="page-narrow"><cd-page-head heading="受理投诉" note="带 * 的必须填写" back="#x" always-back></cd-page-head>
  <cd-form .schema=${schema} record="complaint" .names=${["heard_at", "heard_channel", "content", "demand", "severity", "cause"]} .value=${{ heard_at: NOW, heard_channel: "on_site" }}></cd-form>
  <cd-signature label="受理人签名" signer="李梅"></cd-signature>
  <div class="page-actions"><button class="btn">存草稿</button><button class="btn btn-primary btn-large">登记</button></div></div>`);

const login = () => html`<main class="login"><div class="login-card"><div class="stack-s"><span class="app-mark" aria-hidden="true">档</span><h1 class="t-28">车档</h1><p class="muted">一车一档，回访投诉不漏一件</p></div>
  <cd-form .fields=${{ username: { type: "text", label: "账号", max: 32, required: true }, password: { type: "text", label: "密码", max: 64, required: true } }} submit="登录"></cd-form></div></main>`;

/** @type {Record<string, (schema: Schema) => unknown>} */
export const screens = { today: () => today(false), task: () => today(true), board, office, entry, login };
