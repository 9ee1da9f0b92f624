// Why it exists: the checklist of papers (D-F2), as far as the data know: what is missing stands on top.
import { html } from "../../vendor/lit.js";
import { dateText } from "../lib/format.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{name: string, known: string}} Paper `known`: what the data say, "" when nothing */

const SALE = ["购车意向表", "新车销售合同", "新车准备任务书", "交车检查表", "新车发票复印件", "合格证复印件", "行驶证复印件"];
const VISIT = ["备件出库单", "结算单", "车辆维修检测结果"];

/** @param {Doc} file @returns {Paper[]} missing ones first */
export function papersOf(file) {
  const { vehicle, repair_orders: orders } = file;
  const papers = SALE.map((name) => ({ name, known: "" }));
  papers.push({ name: "车辆保险", known: vehicle.insurance_until ? `到期 ${dateText(vehicle.insurance_until)}` : "" });
  if (orders.length) {
    papers.push({ name: "维修委托书", known: `数据 ${orders.length} 张` });
    papers.push(...VISIT.map((name) => ({ name, known: billed(name, orders) })));
  }
  return papers.sort((a, b) => Number(Boolean(a.known)) - Number(Boolean(b.known)));
}

/** @param {string} name @param {Doc[]} orders */
function billed(name, orders) {
  const n = orders.filter((order) => order.amount_fen !== undefined).length;
  return name === "结算单" && n ? `金额已登记 ${n} 张` : "";
}

/** @param {Doc} file */
export function documentList(file) {
  const papers = papersOf(file);
  const open = papers.filter((paper) => !paper.known).length;
  return html`<details class="fold"><summary>资料清单 <span class="badge"
    data-level=${open ? "soon" : "done"}>${open ? `${open} 项没有登记` : "都有登记"}</span></summary>
    <dl class="kv kv--columns">${papers.map(({ name, known }) => html`<div><dt>${name}</dt>
      <dd>${known ? html`<span class="done"><cd-icon name="check"></cd-icon></span> ${known}` : html`<span
        class="muted">未登记</span>`}</dd></div>`)}</dl>
    <p class="muted t-14">这里只显示系统数据里有的；纸质原件以档案柜里的为准。</p></details>`;
}
