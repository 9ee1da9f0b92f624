// Why it exists: beside calls, 「今日」 shows the complaints that wait for me and the hand-overs to be confirmed (D-H1).
import { html, nothing } from "../../vendor/lit.js";
import { dateText, honorific } from "../lib/format.js";
import { toast } from "../parts/cd-toast.js";
import { clocksOf, pressing } from "./complaint-clocks.js";
import { myTurn } from "./complaint-turn.js";
import { save } from "./saving.js";
import { actor, label, roles, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** @param {Doc[]} found complaints of `app.today()` @param {import("./complaint-clocks.js").Ground} ground */
export function complaintRows(found, ground) {
  const mine = (found ?? [])
    .filter(({ complaint }) => myTurn(session.schema, complaint, actor()))
    .map((item) => /** @type {Doc} */ ({ ...item, clock: pressing(clocksOf(item.complaint, item.steps ?? [], ground)) }))
    .sort((a, b) => (a.clock?.due_at ?? "9").localeCompare(b.clock?.due_at ?? "9"));
  if (!mine.length) return nothing;
  return html`<div class="section-head"><h2 id="group-complaints">轮到我的投诉 <span
    class="count num">${mine.length}</span></h2></div>
    <div class="list" role="group" aria-labelledby="group-complaints">${mine.map(({ complaint, vehicle, customer, pending, clock }) => html`<cd-list-row strong
      href="/complaints/${complaint.id}" .plate=${vehicle?.plate ?? ""} .pending=${Boolean(pending)}
      .heading=${honorific(customer?.name ?? "", customer?.gender)}
      .note=${`${label("complaint_state", complaint.state)} · ${complaint.content}`}
      .body=${clock ? html`<span><cd-deadline plain .clock=${clock}></cd-deadline></span>` : null}></cd-list-row>`)}</div>`;
}

/** @param {Doc[]} handovers not yet received */
export function handoverRows(handovers) {
  const may = roles().some((role) => ["cs_agent", "cs_manager"].includes(role));
  const open = handovers.filter((doc) => !doc.received_at);
  if (!may || !open.length) return nothing;
  return html`<div class="section-head"><h2 id="group-handovers">交接待确认 <span class="count num">${open.length}</span></h2></div>
    <div class="stack-s" role="group" aria-labelledby="group-handovers">${open.map((doc) => html`<cd-card
      .heading=${`${label("handover_kind", doc.kind)}交接 · ${dateText(doc.date)}`}
      .body=${html`<p>${doc.nil ? "当日没有，已签字说明。" : `共 ${doc.count} 台，请与已导入的数据核对。`}</p>`}
      .actions=${html`<button class="btn btn-primary"
      @click=${() => void receive(doc)}>${doc.nil ? "确认当日没有" : `确认收到 ${doc.count} 台`}</button>`}></cd-card>`)}</div>`;
}

/** @param {Doc} doc */
async function receive(doc) {
  const body = { id: doc.id, received_count: doc.count, received_at: new Date().toISOString() };
  try {
    await save("handover.receive", body, { what: "交接确认" });
  } catch (error) {
    toast(/** @type {any} */ (error)?.message ?? "没能确认，请再试一次。", { level: "late" });
  }
}
