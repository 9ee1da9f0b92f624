// Why it exists: what is asked when a hand-over is sent, signed as none, or confirmed: as little as the rule needs (D-H1).
import { html, nothing } from "../../vendor/lit.js";
import { dateText } from "../lib/format.js";
import { problemText } from "../lib/texts.js";
import { label, me, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{draft: Doc, problems: import("../parts/types.js").Problem[], change: (name: string, value: unknown) => void,
 *   day: import("./handover-day.js").HandoverDay}} Given */

/** @param {Given} given @param {string} name @param {Doc} [more] label, help, required */
function field({ draft, problems, change }, name, { words = "", help = "", required = false } = {}) {
  const problem = problems.find((one) => one.field === name)?.message ?? "";
  return html`<cd-field .name=${name} .field=${{ ...session.schema.records.handover.fields[name], screen_only: true }} .value=${draft[name] ?? null} .label=${words} .help=${help}
    .required=${required} .problem=${problem} @cd-input=${(/** @type {CustomEvent} */ { detail }) => change(name, detail.value)}></cd-field>`;
}

/** @param {Given} given */
function general({ problems }) {
  const [one] = problems.filter(({ field: name }) => !name);
  return one ? html`<div class="banner" data-level="late" role="alert"><cd-icon name="circle-alert"></cd-icon><p>${one.message}</p></div>` : nothing;
}

/** The number handed over beside the number imported. @param {number | null} count @param {number} imported @param {string} said */
function comparison(count, imported, said) {
  if (count === null) return nothing;
  const same = count === imported;
  return html`<div class="banner" data-level=${same ? "done" : "soon"} role="status"><cd-icon name=${same ? "circle-check" : "triangle-alert"}></cd-icon>
    <p>${same ? `${said} ${count} 台，与已导入的一致。` : `${said} ${count} 台，已导入 ${imported} 台，相差 ${Math.abs(count - imported)} 台。请核对，或在备注里说明原因。`}</p></div>`;
}

/** Sending, or signing that there was none. @param {Given} given */
export function sendForm(given) {
  const { draft, day } = given;
  if (!draft.date) return { heading: "", body: nothing, submit: "" };
  const imported = day.imported(draft.date);
  const kind = label("handover_kind", day.kind);
  if (!draft.nil) {
    const body = html`<div class="stack">${general(given)}${comparison(draft.count, imported, "交接")}
      ${field(given, "count", { help: `${dateText(draft.date)}${kind}的台次；没有请用「${day.nilText}」。` })} ${field(given, "note")} ${field(given, "signature", { words: `签名（${me()?.name ?? ""}）` })}</div>`;
    return { heading: `${kind}交接 · ${dateText(draft.date)}`, body, submit: "交接给客服" };
  }
  const doubt = imported ? html`<div class="banner" data-level="soon" role="status"><cd-icon name="triangle-alert"></cd-icon>
    <p>${dateText(draft.date)}已经导入了 ${imported} 台，确定要登记为「无」吗？</p></div>` : nothing;
  const body = html`<div class="stack">${general(given)}${doubt}<p>我确认 ${dateText(draft.date)} 没有${kind === "维修" ? "维修后交还的车辆" : "新车交付"}，并签字交接给客服。</p>
    ${field(given, "signature", { words: `签名（${me()?.name ?? ""}）`, required: true })} ${field(given, "note")}</div>`;
  return { heading: `${day.nilText} · ${dateText(draft.date)}`, body, submit: "签字并交接" };
}

/** Confirming what was received. @param {Given} given */
export function receiveForm(given) {
  const { draft, day } = given;
  const doc = draft.handover;
  if (!doc) return { heading: "", body: nothing, submit: "" };
  const kind = label("handover_kind", doc.kind);
  const body = html`<div class="stack">${general(given)}
    <p>${doc.nil ? `交接人签字说明：${dateText(doc.date)}没有${kind}。` : `${dateText(doc.date)}${kind}，交接 ${doc.count} 台。`}</p>
    ${comparison(draft.received_count, day.imported(doc.date), "核对")}
    ${field(given, "received_count", { help: "按本机看到的资料逐台核对后填写。", required: true })} ${field(given, "note")}</div>`;
  return { heading: `确认收到${kind}交接`, body, submit: "确认收到" };
}

/** @param {Doc} doc */
export const withoutNull = (doc) => Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== null));

/** @param {any} error of `save` @returns {import("../parts/types.js").Problem[]} with their words, `field` without the path */
export function told({ code, message, problems = [] }) {
  const { fields } = session.schema.records.handover;
  const named = problems.filter((/** @type {Doc} */ one) => one.field).map((/** @type {Doc} */ one) => {
    const field = one.field.split(".").at(-1);
    return { field, code: one.code, message: problemText(session.schema.codes, { field, code: one.code }, fields[field]) };
  });
  return named.length ? named : [{ field: "", code, message }];
}
