// Why it exists: gallery sections that show things: chips, lists, stories, empty states.
import { html } from "../../../vendor/lit.js";
import { markMatch } from "../../parts/mark.js";
import { LONG_ADDRESS, LONG_NAME, NOW, OUTBOX, SIGNATURE, STORY, syncState, TASKS } from "./data.js";

/** @typedef {import("../../parts/types.js").Schema} Schema */

/** @param {string} due @param {string} [state] */
const deadline = (due, state = "") => html`<cd-deadline .due=${due} .state=${state} .now=${NOW}
  started="2026-11-20T06:10:00.000Z" .working=${430} label="24 小时闭环"></cd-deadline>`;

export const chipSection = () => html`
  <div class="cluster">
    ${["粤A12345", "粤BD88888", "京A88F6D", "沪AD12345", ""].map((plate) => html`<cd-plate .plate=${plate}></cd-plate>`)}
    <cd-plate plate="粤A12345" size="s"></cd-plate><cd-plate plate="粤AD12345" size="l"></cd-plate><cd-plate plate="粤A12345" size="l"></cd-plate><cd-plate plate="粤B12345" match="粤b12"></cd-plate><cd-plate plate="粤BD12345" match="粤bd"></cd-plate>
  </div>
  <div class="cluster">
    ${deadline("2026-11-21T01:24:00.000Z")} ${deadline("2026-11-21T05:44:00.000Z")} ${deadline("2026-11-21T10:00:00.000Z")}
    ${deadline("2026-11-22T04:00:00.000Z")} ${deadline("2026-12-08T10:00:00.000Z")} ${deadline("2026-11-18T04:00:00.000Z")}
    ${deadline("2026-11-21T10:00:00.000Z", "met")}
    <cd-deadline plain due="2026-11-21T05:44:00.000Z" .now=${NOW}></cd-deadline>
  </div>
  <div class="cluster">
    ${["late", "soon", "done", "info"].map((level, i) => html`<span class="badge" data-level=${level}><cd-icon
      name=${["circle-alert", "hourglass", "circle-check", "info"][i]}></cd-icon>${["超时", "快到期", "已完成", "第 2 轮"][i]}</span>`)}
    <span class="badge">3DC</span><span class="count">3</span><span class="count">9,999</span>
  </div>
  <div class="cluster">
    <button class="btn btn-primary">${""}<cd-icon name="phone"></cd-icon>打电话</button><button class="btn">发短信</button>
    <button class="btn btn-danger">退回</button><button class="btn btn-quiet">以后再说</button>
    <button class="btn btn-primary" disabled>不能点</button><button class="btn-icon" aria-label="筛选"><cd-icon name="sliders-horizontal"></cd-icon></button>
    <button class="btn btn-primary btn-large">保存并完成</button>
  </div>
  <div class="cluster"><button class="chip" aria-pressed="true">今天</button><button class="chip" aria-pressed="false">三日回访</button><button class="chip" aria-pressed="false">等待时间长</button></div>
  <div class="stats"><button class="stat" data-level="late" aria-pressed="false"><cd-icon name="circle-alert"></cd-icon><b class="stat-n">2</b><span>超时</span></button>
    <button class="stat" aria-pressed="true"><b class="stat-n">9</b><span>上午</span></button><span class="stat"><b class="stat-n">0</b><span>下午</span></span>
    <span class="stat" data-level="done"><cd-icon name="circle-check"></cd-icon><b class="stat-n">9,999</b><span>已完成</span></span></div>
  ${["late", "soon", "done", "info"].map((level, i) => html`<div class="banner" data-level=${level}>
    <cd-icon name=${["circle-alert", "hourglass", "circle-check", "info"][i]}></cd-icon>
    <span>${["有一件投诉还没处理完：右前门异响，等何师傅回单。", "这位客户 7 天内已联系 3 次。", "资料齐全。", "话术更新到第 4 版。"][i]}</span>
    <a class="btn" href="#banner">查看</a></div>`)}`;

export const listSection = () => html`
  <div class="columns">
    <div class="list">
      ${TASKS.map((task, i) => html`<cd-list-row href="#${task.plate}" .plate=${task.plate} .heading=${task.name} .note=${task.note}
        .level=${task.level} .due=${task.due} .now=${NOW} ?current=${i === 2} ?strong=${i < 2} ?pending=${i === 5}></cd-list-row>`)}
    </div>
    <div class="list">
      <cd-list-row href="#a" plate="粤BD88888" .heading=${LONG_NAME} .note=${LONG_ADDRESS} due="2026-11-21T05:44:00.000Z" .now=${NOW}></cd-list-row>
      <cd-list-row href="#b" .heading=${markMatch("张伟 先生", "张伟")} .note=${markMatch("138 0013 8000", "13800")} plate="粤A12345" meta="张伟"></cd-list-row>
      <cd-list-row .heading=${"没有车的一行"} meta="9,999 条" level="done"></cd-list-row>
      <cd-list-row .heading=${"无牌新车"} plate="" note="LGX C16AF4 M0123456" meta="11-20 交车" level="info" pending></cd-list-row>
    </div>
    <div class="stack">
      <cd-card .heading=${"车辆"} .body=${html`<dl class="kv"><div><dt>车型</dt><dd>秦PLUS DM-i 2026 款 120KM 尊贵型</dd></div><div><dt>车架号</dt><dd class="num">LGX C16AF4 M0123456</dd></div><div><dt>地址</dt><dd>${LONG_ADDRESS}</dd></div></dl>`}
        .actions=${html`<button class="btn">修改</button>`}></cd-card>
      <cd-card href="#card" level="late" strong .heading=${html`<cd-plate plate="粤A12345"></cd-plate> 张伟`}
        .body=${html`<p>右前门异响，等候四十分钟无人接待</p><cd-deadline due="2026-11-21T01:24:00.000Z" .now=${NOW}></cd-deadline>`}></cd-card>
      <cd-card href="#card2" .heading=${html`<cd-plate plate="粤AD12345"></cd-plate> ${LONG_NAME}`}
        .body=${html`<p>空调不制冷</p><cd-deadline due="2026-11-21T10:00:00.000Z" .now=${NOW}></cd-deadline>`}></cd-card>
    </div>
  </div>
  <div class="table-wrap" tabindex="0" role="region" aria-label="门店对比">
    <table class="table"><thead><tr><th>门店</th><th class="num">今日回访</th><th class="num">按时率</th><th class="num">超时</th><th class="num">满意度</th><th>平板</th></tr></thead>
      <tbody><tr class="is-late"><th scope="row"><a href="#sz01">深圳龙华店</a></th><td class="num">38 / 52</td><td class="num">73.1%</td><td class="num late"><cd-icon name="circle-alert"></cd-icon> 6</td><td class="num">92.4</td><td>1 台 3 天未联网</td></tr>
        <tr><th scope="row"><a href="#gz01">广州番禺店</a></th><td class="num">9,999 / 9,999</td><td class="num">100.0%</td><td class="num">0</td><td class="num">97.0</td><td>全部在线</td></tr></tbody></table>
  </div>`;

export const storySection = () => html`<div class="columns">
  <cd-card .heading=${"投诉经过"} .body=${html`<cd-timeline .items=${STORY} .now=${NOW}></cd-timeline>`}></cd-card>
  <div class="stack">
    <cd-signature label="总经理签名" signer="钱卫国"></cd-signature>
    <cd-signature .value=${SIGNATURE} label="客服经理签名" signer="周敏"></cd-signature>
    <cd-signature label="处理人签名" problem="请在「签名」处签名。"></cd-signature>
    <cd-signature readonly .value=${SIGNATURE} signer="周敏"></cd-signature><cd-signature readonly></cd-signature>
  </div></div>`;

/** @param {Schema} schema */
export const stateSection = (schema) => html`
  <div class="columns">
    ${["done", "empty", "search", "offline", "absent", "error", "much", "denied"].map((kind) => html`<div class="card"><cd-empty .kind=${kind}
      .text=${kind === "done" ? "明天有 6 个回访，最早一个 9:30。" : ""} .actions=${kind === "error" ? html`<button class="btn">再试一次</button>` : null}></cd-empty></div>`)}
  </div>
  <div class="columns">
    <div class="card"><cd-progress .value=${62} label="正在下载本店档案" detail="18,600 / 30,000 辆 · 约 20 秒" cancel></cd-progress><cd-progress label="正在核对…"></cd-progress></div>
    <div class="stack">${[syncState(), syncState({ online: false, pending: 3 }), syncState({}, { phase: "downloading", percent: 62 }), syncState({ parked: 1 }), syncState({ pending: 9999 }), syncState({ pending: 2 }, { phase: "error" })].map(
      (state, i) => html`<cd-app-bar .branch=${i === 4 ? "深圳市龙华区民治旗舰体验中心（比亚迪王朝网）" : "深圳龙华店"} .branches=${i % 2 ? 2 : 1} .person=${i === 4 ? "阿卜杜热合曼·麦麦提" : "李梅"} .role=${"客服专员"} .state=${state} .now=${NOW}></cd-app-bar>`)}
    </div>
    <div class="card"><cd-sync-panel .state=${syncState({ parked: 1, pending: 2 })} .outbox=${OUTBOX} .schema=${schema} .now=${NOW}></cd-sync-panel></div>
    <div class="card"><cd-sync-panel .state=${syncState({ online: false })} .schema=${schema} .now=${NOW}></cd-sync-panel></div>
    <div class="card"><cd-sync-panel .state=${syncState({ pending: 2, held_by: "深圳福田店" })} .schema=${schema} .now=${NOW}></cd-sync-panel></div>
  </div>
  <cd-nav .roles=${["cs_manager", "admin", "hq_operator"]} current="/today" .counts=${{ today: 12, complaints: 100 }}></cd-nav>`;
