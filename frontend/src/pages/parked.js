// Why it exists: what the server did not accept is never lost: here it stands whole, with the reason and the way on. On line
// it is the server's list (one's own, head office all, managers their quarantine); off line what this tablet knows itself.
import { html, nothing, repeat } from "../../vendor/lit.js";
import { api } from "../lib/api.js";
import { app } from "../lib/app.js";
import { instantText } from "../lib/format.js";
import { branchOf, GROUP } from "../lib/partitions.js";
import { Page, syncSoon } from "./page.js";
import { branch, refs, session } from "./session.js";
import { lineList } from "./parked-op.js";
import { bodyLines, headingText } from "./op-words.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 待处理. */
export class PageParked extends Page {
  static properties = { server: { state: true }, settled: { state: true } };

  constructor() {
    super();
    /** @type {Doc[] | null} null: not asked yet, or off line */
    this.server = null;
    /** @type {Doc[] | null} asked for when it is opened */
    this.settled = null;
    this.rechecked = false;
  }

  async load() {
    const [local, staff] = await Promise.all([app.outbox(), refs("staff").catch(() => [])]);
    void this.ask(local);
    return { local, names: new Map(staff.map(({ id, name }) => [id, name])) };
  }

  /** The server's list; what it has settled meanwhile this tablet asks about once. @param {Doc[]} local */
  async ask(local) {
    this.server = await api.get("/sync/parked").catch(() => null);
    const open = new Set((this.server ?? []).map(({ op }) => op.id));
    const stale = this.server && local.some(({ id, state }) => state === "parked" && !open.has(id));
    if (stale && !this.rechecked) syncSoon();
    this.rechecked ||= Boolean(stale);
  }

  /** @param {{local: Doc[], names: Map<string, string>}} data */
  view({ local, names }) {
    const rows = this.rows(local);
    const waiting = local.filter((op) => op.state !== "parked");
    const unasked = session.state?.online ? "正在向服务器核对…" : "现在看到的是这台平板上的；联网后可以处理";
    const note = this.server ? "服务器没有接受的内容，都完整保留着" : unasked;
    return html`<div class="page-narrow">
      <cd-page-head always-back back="/today" heading="待处理" .note=${note}></cd-page-head>
      <h2 class="sr-only">没有被接受的内容</h2>
      ${rows.length ? repeat(rows, (op) => op.id, (op) => html`<parked-op id=${op.id} .op=${op} .names=${names} ?strong=${op.id === this.query.op}
        @cd-settled=${() => this.again()}></parked-op>`) : this.empty(waiting.length)}
      ${rows.length && waiting.length ? html`<p class="muted">另有 ${waiting.length} 条在等网络，联网后自动上传，不用处理。</p>` : nothing}
      ${this.server ? this.done(names) : nothing}</div>`;
  }

  /** The server knows best; what only this tablet knows comes after it. @param {Doc[]} local @returns {Doc[]} */
  rows(local) {
    const own = new Set(local.map(({ id }) => id));
    const told = (this.server ?? []).map((row) => /** @type {Doc} */ ({
      ...row,
      ...{ body: row.op.body, base: row.op.base, mine: own.has(row.op.id), branch: branchName(row.part) },
    }));
    const known = new Set(told.map(({ op }) => op.id));
    const rest = local.filter(({ id, state }) => state === "parked" && !known.has(id));
    return [...told, ...rest.map((op) => ({ ...op, author: { name: op.author }, mine: true, branch: branchName(op.part) }))];
  }

  async again() {
    if (this.settled) await this.readSettled();
    await this.refresh();
  }

  async readSettled() {
    this.settled = await api.get("/sync/parked?settled=true").catch(() => null);
  }

  /** What was settled stays readable. @param {Map<string, string>} names */
  done(names) {
    const open = (/** @type {Event & {target: HTMLDetailsElement}} */ event) => event.target.open && !this.settled && void this.readSettled();
    const rows = this.settled ?? [];
    return html`<details class="fold" @toggle=${open}><summary>已处理的</summary>
      ${this.settled && !rows.length ? html`<p class="muted">还没有处理过的内容。</p>` : nothing}
      <div class="stack">${rows.map((row) => settledRow(row, names))}</div></details>`;
  }

  /** @param {number} waiting */
  empty(waiting) {
    const text = waiting ? `还有 ${waiting} 条在等网络，联网后自动上传，不用处理。` : "所有内容都已被服务器接受。";
    return html`<cd-empty kind="done" heading="没有待处理的内容" .text=${text}></cd-empty>`;
  }
}

/** @param {string} part @returns {string} the branch, where it is not the present one */
function branchName(part) {
  const code = branchOf(part);
  if (part === GROUP) return "总部";
  return code === branch().code ? "" : (session.branches.find((doc) => doc.code === code)?.short_name ?? code);
}

/** @param {Doc} row @param {Map<string, string>} names */
function settledRow({ op, kind, label, author, status, settled }, names) {
  const end = status === "discarded" ? `作废：${settled?.reason ?? ""}` : settled?.mended ? "改好后已接受" : "已接受";
  const lines = bodyLines(session.schema, kind, op.body, op.base, (id) => names.get(id) ?? "");
  return html`<cd-card .heading=${headingText(session.schema, { kind, label })} .body=${html`<p class="muted">${author.name ?? ""} ${instantText(op.at)} 填写</p>
    <p>${end}（${settled?.by_name ?? ""} ${instantText(settled?.at)}）</p>
    <details class="fold"><summary>原来填写的内容</summary>${lineList(lines)}</details>`}></cd-card>`;
}

customElements.define("page-parked", PageParked);
