// Why it exists: what a preview found and what a commit did is told in sentences, not only in numbers.
import { html, nothing } from "../../vendor/lit.js";
import { countText } from "../lib/format.js";
import { KINDS } from "./import-fields.js";

/** @typedef {import("./session.js").Doc} Doc */

/** @param {string} level @param {string} icon @param {unknown} body */
const banner = (level, icon, body) => html`<div class="banner" data-level=${level} role="status"><cd-icon name=${icon}></cd-icon>${body}</div>`;

/**
 * What stands above the rows of a preview: nothing new, an empty table, notes, rows passed over.
 * @param {Doc} preview @param {import("./import-fields.js").Kind} kind @param {() => void} onNil
 */
export function previewTexts(preview, kind, onNil) {
  const { counts, notes, skipped, warned, sheet, header_line } = preview;
  const left = Object.values(/** @type {Record<string, number>} */ (skipped ?? {})).reduce((sum, n) => sum + n, 0);
  const read = [sheet && `工作表「${sheet}」`, `表头在第 ${header_line} 行`, left ? `略过 ${left} 行空行、合计或表尾` : ""].filter(Boolean);
  return html`
    ${preview.nil ? nilTable(kind, onNil) : nothing}
    ${!preview.nil && counts.same === counts.total ? banner("done", "circle-check", html`<p>表里的 ${countText(counts.total)} 行和系统里的一样，没有要写入的内容。</p>`) : nothing}
    ${warned ? banner("soon", "info", html`<p>有 ${countText(warned)} 行请再看一眼（照常写入），原因写在「说明」里。</p>`) : nothing}
    ${(notes ?? []).map((/** @type {string} */ note) => banner("info", "info", html`<p>${note}</p>`))}
    <p class="muted t-14">${read.join(" · ")}</p>`;
}

/** @param {import("./import-fields.js").Kind} kind @param {() => void} onNil */
const nilTable = (kind, onNil) =>
  banner("info", "inbox", html`<p>表里一行${KINDS[kind].label}也没有。今天确实没有的话，签字说明即可。</p>
    <button class="btn" type="button" @click=${onNil}>${kind === "deliveries" ? "今日无交车" : "今日无维修交车"}</button>`);

/**
 * The end of an import.
 * @param {Doc} counts of the commit @param {string} what @param {() => void} onAgain
 */
export function resultCard(counts, what, onAgain) {
  const written = (counts.applied ?? 0) + (counts.merged ?? 0);
  const stats = [
    [counts.new, "新增"],
    [counts.changed, "更新"],
    [counts.same, "没变化"],
    [counts.error, "有错误", "late"],
    [counts.parked, "没有写入", "late"],
  ];
  const heading = written ? `已写入 ${countText(written)} 行${what}` : "没有要写入的内容，系统里已经是最新";
  const body = html`<div class="stack-s">
    <div class="stats">${stats.map(([n, name, level]) => (n || !level ? html`<div class="stat" data-level=${n && level ? level : nothing}><b class="stat-n">${countText(Number(n))}</b><span>${name}</span></div>` : nothing))}</div>
    <p>${written ? "回访任务随后自动生成，几秒后出现在「今日」。列的对应关系已为本店记住。" : "重复导入同一份表格不会写两遍。"}</p>
    ${counts.parked ? html`<p class="late">有 ${countText(counts.parked)} 行服务器没有接受，请重新导入这份表格看原因。</p>` : nothing}
    ${counts.error ? html`<p>有错误的行没有写入；改好后再导入一次即可，已写入的行不会重复。</p>` : nothing}</div>`;
  return html`<cd-card level="done" .heading=${heading} .body=${body}
    .actions=${html`<button class="btn" type="button" @click=${onAgain}>再导入一份</button>`}></cd-card>`;
}
