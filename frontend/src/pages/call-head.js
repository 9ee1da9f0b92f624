// Why it exists: above a call one sees where it stands and how long it takes (D-S1); before it, the way back.
import { html } from "../../vendor/lit.js";
import { isDone } from "./call-model.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("./call.js").PageCall} PageCall */

/** @param {PageCall} page @param {Doc} data */
export function callHead(page, data) {
  const { draft, stages, index } = page;
  if (!index) {
    return html`<cd-page-head always-back back="/today/${data.task.id}" heading="准备打电话"
      .note=${data.node?.name ?? ""}></cd-page-head>`;
  }
  const talk = stages.slice(1);
  const marks = talk.map((one, i) => ({ label: one.label, done: isDone(one, draft, i + 1, index) }));
  return html`<cd-steps .steps=${marks} .current=${index - 1} .started=${draft.from_paper ? "" : draft.started_at}
    .span=${data.span}
    @cd-step=${(/** @type {CustomEvent} */ event) => page.go(talk[event.detail.index]?.key ?? "dial")}></cd-steps>`;
}

/** Nothing to call: done, or not of this tablet. */
export const callGone = () => html`<div class="page"><cd-empty heading="这个任务不在今日列表里" text="可能已经做完，或者转给了同事。"
  .actions=${html`<a class="btn" href="/today">回到今日</a>`}></cd-empty></div>`;

/** Enter goes on, Esc is 「现在没空」; 1 and 2 belong to the question itself. @param {PageCall} page @param {KeyboardEvent} event */
export function callKey(page, event) {
  if (!page.data?.task || event.isComposing || event.defaultPrevented || document.querySelector("dialog:modal")) return;
  const at = event.target instanceof Element ? event.target : document.body;
  if (event.key === "Escape") {
    event.preventDefault(); // else the same key press closes the dialog it opens
    page.ask("busy", "busy");
  } else if (event.key === "Enter" && page.stages[page.index]?.kind === "say" && !at.closest("a, button, input, textarea, select, summary")) {
    page.next();
  }
}
