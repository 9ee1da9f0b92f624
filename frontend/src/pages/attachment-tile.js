// Why it exists: one attachment looks and speaks the same in a row of thumbnails and opened.
import { html, nothing } from "../../vendor/lit.js";
import { instantText } from "../lib/format.js";
import { altOf, kindOf } from "./file-picture.js";
import { actor, me, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc @typedef {{level: string, text: string} | null} State null: nothing to tell */

const SIGNS = { audio: "mic", document: "file-text", image: "image" };

/** How far its bytes are on their way. @param {Doc | undefined} item @param {Map<string, Doc>} kept @returns {State} */
export function stateOf(item, kept) {
  const row = item && kept.get(item.sha256);
  if (!row) return null;
  if (row.state === "refused")
    return { level: "late", text: session.schema?.codes[row.code]?.message ?? "服务器没有收下，请重新拍。" };
  const percent = Math.floor((100 * row.sent) / row.size);
  return { level: "info", text: row.sent ? `正在上传 ${percent}%` : "已存本机，待上传" };
}

/** @param {Doc} item @param {State} state @param {() => void} open */
export function tile(item, state, open) {
  const kind = kindOf(item);
  return html`<li><button class="tile" type="button" @click=${open} aria-label=${`${altOf(item)}，${instantText(item.taken_at)}`}>
    <span class="tile-face">${kind === "image"
      ? html`<file-picture .item=${item} view="thumb"></file-picture>`
      : html`<cd-icon name=${SIGNS[kind]}></cd-icon>`}</span>
    <span class="tile-text t-14">${altOf(item)}<br /><span class="muted num">${instantText(item.taken_at)}</span></span>
    ${state ? html`<span class="badge" data-level=${state.level}>${state.level === "late" ? "没有收下" : state.text}</span>` : nothing}
  </button></li>`;
}

/** May this person take it out of sight? @param {Doc} item */
function mayRemove(item) {
  const managers = session.schema?.ops["attachment.void"].managers ?? [];
  return item.by_id === me()?.id || actor().roles.some((/** @type {string} */ role) => managers.includes(role));
}

/** @param {Doc | undefined} item @param {State} state @param {{close: () => void, remove: (item: Doc) => void}} on */
export function attachmentDialog(item, state, { close, remove }) {
  const body = item && html`<div class="stack">
    <div class="picture-full"><file-picture .item=${item} view="view"></file-picture></div>
    ${state ? html`<p class=${state.level}>${state.text}</p>` : nothing}
    <p class="muted">${item.by_name} · ${instantText(item.taken_at)}${item.name ? ` · ${item.name}` : ""}</p></div>`;
  const actions = item && mayRemove(item)
    ? html`<button class="btn btn-quiet" type="button" @click=${() => remove(item)}><cd-icon name="trash-2"></cd-icon>移除</button>`
    : null;
  return html`<cd-dialog wide .open=${Boolean(item)} .heading=${item ? altOf(item) : ""} .body=${body ?? nothing}
    .actions=${actions} @cd-close=${close}></cd-dialog>`;
}
