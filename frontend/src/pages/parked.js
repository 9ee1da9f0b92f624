// Why it exists: what the server did not accept is never lost: here it stands whole, with the reason and the way on.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { instantText } from "../lib/format.js";
import { problemText } from "../lib/texts.js";
import { placeOf } from "./op-place.js";
import { Page, syncSoon } from "./page.js";
import { session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 待处理. */
export class PageParked extends Page {
  async load() {
    return { list: await app.outbox() };
  }

  heard() {
    void this.refresh();
  }

  /** @param {{list: Doc[]}} data */
  view({ list }) {
    const parked = list.filter((op) => op.state === "parked");
    const waiting = list.length - parked.length;
    const again = html`<button class="btn" type="button" @click=${syncSoon}><cd-icon name="refresh-cw"></cd-icon>再交一次</button>`;
    return html`<div class="page-narrow">
      <cd-page-head always-back back="/today" heading="待处理" note="服务器没有接受的内容，都完整保留着" .actions=${parked.length ? again : null}></cd-page-head>
      <h2 class="sr-only">没有被接受的内容</h2>
      ${parked.length ? parked.map((op) => this.op(op)) : this.empty(waiting)}</div>`;
  }

  /** @param {Doc} op */
  op(op) {
    const kind = session.schema?.ops?.[op.kind]?.label ?? op.kind;
    const why = op.problems?.length ? op.problems : [{ code: op.code, message: op.message }];
    const place = placeOf(op);
    return html`<cd-card id=${op.id} level="late" ?strong=${op.id === this.query.op}
      .heading=${[kind, op.label].filter(Boolean).join(" · ")}
      .body=${html`<p class="muted">${op.author ?? ""} ${instantText(op.at)} 填写</p>
        <ul class="stack-s">${why.map((/** @type {any} */ one) => html`<li class="late">${this.reason(one)}</li>`)}</ul>
        <details class="fold"><summary>填写的内容</summary>${plain(op.body)}</details>`}
      .actions=${html`${place ? html`<a class="btn btn-primary" href=${place}>打开看最新情况，重新办理</a>` : nothing}`}></cd-card>`;
  }

  /** @param {any} problem */
  reason(problem) {
    const [record = "", name = ""] = (problem.field ?? "").split(".").slice(-2);
    const found = Object.values(session.schema?.records ?? {}).map((/** @type {any} */ one) => one.fields[name || record]).find(Boolean);
    return problemText(session.schema?.codes, { field: "", ...problem }, problem.field ? found : undefined);
  }

  /** @param {number} waiting */
  empty(waiting) {
    const text = waiting ? `还有 ${waiting} 条在等网络，联网后自动上传，不用处理。` : "所有内容都已被服务器接受。";
    return html`<cd-empty kind="done" heading="没有待处理的内容" .text=${text}></cd-empty>`;
  }
}

/** The payload in full, with labels where a record declares them. @param {any} body @returns {unknown} */
function plain(body) {
  const records = /** @type {any[]} */ (Object.values(session.schema?.records ?? {}));
  const name = (/** @type {string} */ key) => records.map((record) => record.fields[key]?.label).find(Boolean) ?? "";
  const rows = Object.entries(body ?? {}).flatMap(([key, value]) => {
    if (value && typeof value === "object") return [html`<div>${plain(value)}</div>`];
    const shown = key === "signature" ? "已签名" : String(value);
    return /(^|_)id$/.test(key) || !name(key) ? [] : [html`<div><dt>${name(key)}</dt><dd class="pre">${shown}</dd></div>`];
  });
  return html`<dl class="kv">${rows}</dl>`;
}

customElements.define("page-parked", PageParked);
