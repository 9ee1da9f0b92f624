// Why it exists: the checklist of papers (D-F2): what is missing stands on top, what was scanned says by whom and when, and
// a paper at hand is photographed from here.
import { html, nothing } from "../../vendor/lit.js";
import { dateText } from "../lib/format.js";
import { session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{code: string, name: string, known: string, scans: Doc[]}} Paper `known`: what the data say, "" when nothing */

/** @param {Doc} file @returns {Paper[]} missing ones first */
export function papersOf(file) {
  const { attachments = [], repair_orders: orders } = file;
  const items = session.schema?.lists.document?.items ?? [];
  const papers = items.filter((/** @type {Doc} */ one) => one.of === "sale" || orders.length).map((/** @type {Doc} */ one) => ({
    code: one.code,
    name: one.label,
    known: known(one.code, file),
    scans: attachments.filter((/** @type {Doc} */ doc) => doc.document === one.code),
  }));
  const isThere = (/** @type {Paper} */ paper) => Number(Boolean(paper.known || paper.scans.length));
  return papers.sort((/** @type {Paper} */ a, /** @type {Paper} */ b) => isThere(a) - isThere(b));
}

/** @param {string} code @param {Doc} file @returns {string} */
function known(code, { vehicle, repair_orders: orders }) {
  if (code === "insurance" && vehicle.insurance_until) return `到期 ${dateText(vehicle.insurance_until)}`;
  if (code === "repair_order" && orders.length) return `数据 ${orders.length} 张`;
  const billed = orders.filter((/** @type {Doc} */ order) => order.amount_fen !== undefined).length;
  return code === "settlement" && billed ? `金额已登记 ${billed} 张` : "";
}

/** @param {Paper} paper */
function told({ known: text, scans }) {
  const [last] = scans;
  const scanned = last ? `已扫描 ${scans.length} 张 · ${last.by_name} ${dateText(last.taken_at)}` : "";
  const all = [scanned, text].filter(Boolean).join(" · ");
  return all ? html`<span class="done"><cd-icon name="check"></cd-icon></span> ${all}` : html`<span class="muted">未登记</span>`;
}

/** @param {Doc} file @param {(code: string) => void} scan photographs a paper */
export function documentList(file, scan) {
  const papers = papersOf(file);
  const open = papers.filter((paper) => !paper.known && !paper.scans.length).length;
  return html`<details class="fold"><summary>资料清单 <span class="badge"
    data-level=${open ? "soon" : "done"}>${open ? `${open} 项没有登记` : "都有登记"}</span></summary>
    <dl class="kv kv--columns">${papers.map((paper) => html`<div><dt>${paper.name}</dt>
      <dd class="spread"><span>${told(paper)}</span><button class="btn-icon" type="button" aria-label="拍下或选择${paper.name}"
        @click=${() => scan(paper.code)}><cd-icon name="camera"></cd-icon></button></dd></div>`)}</dl>
    <p class="muted t-14">系统里有数据或扫描件的打勾；纸质原件以档案柜里的为准。${papers.length ? nothing : "正在打开…"}</p></details>`;
}
