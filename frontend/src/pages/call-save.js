// Why it exists: a call is saved as one op with everything that follows from it, and saved again safely when it fails.
import { checkFields } from "../domain/schema.js";
import { instantText } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { toast } from "../parts/cd-toast.js";
import { complaintDoc } from "./call-finish.js";
import { buildAttempt, outcomeOf, unexplained } from "./call-model.js";
import { buildOpening } from "./complaint-build.js";
import { openingFields, problemsIn } from "./complaint-fields.js";
import { problemsOf, save } from "./saving.js";
import { actor, label, session } from "./session.js";

/** @typedef {import("./call.js").PageCall} PageCall */

/** Checks what is lacking, then saves attempt, complaint and step together. @param {PageCall} page */
export async function finishCall(page) {
  const { draft, stages } = page;
  const lacking = unexplained(stages, draft);
  page.alert = "";
  if (lacking) {
    page.go(lacking.key);
    page.problem = "选「否」要写原因，可以点上面的常见原因。";
  } else if (draft.from_paper && !draft.started_at) page.alert = "请填实际通话的时间。";
  else if (complaintFits(page)) await putCall(page, outcomeOf(stages, draft), draft.wants_complaint);
}

/** @param {PageCall} page @returns {boolean} no complaint wanted, or its form is complete */
function complaintFits(page) {
  const { draft, row } = page;
  const doc = complaintDoc(page, draft);
  const fields = openingFields(session.schema, row, doc, { call: true });
  page.problems = draft.wants_complaint ? problemsIn(checkFields, session.schema, fields, doc) : [];
  return !page.problems.length;
}

/** @param {PageCall} page @param {string} now @returns {{complaint?: any, step?: any}} heard in the call, so dated there */
function opening(page, now) {
  const { draft, row, data } = page;
  const about = { vehicle_id: data.task.vehicle_id, customer_id: data.customer?.id, attempt_id: draft.attempt_id };
  const doc = { ...complaintDoc(page, draft), heard_channel: "callback", heard_at: draft.started_at || now };
  return buildOpening({ row, doc, ids: draft, about, who: actor(), now });
}

/** @param {PageCall} page @param {string} outcome @param {boolean} [complains] */
export async function putCall(page, outcome, complains = false) {
  const { draft, stages, data } = page;
  const now = new Date().toISOString();
  const booked_at = outcome === "busy" ? page.bookedAt : undefined;
  const attempt = buildAttempt({ draft, task: data.task, customer: data.customer, stages, outcome, who: actor(), now, booked_at });
  page.busy = page.ended = true;
  try {
    const more = complains ? opening(page, now) : {};
    await save("callback.record", { attempt, ...more }, { what: whatOf(outcome, complains, booked_at) });
    await data.kept.drop();
    await navigate("/today", { replace: true });
  } catch (error) {
    page.ended = false;
    page.problems = problemsOf(error);
    page.alert = page.problems.map((one) => one.message ?? session.schema.codes[one.code]?.message ?? one.code).join(" ");
    toast(page.alert, { level: "late" });
  } finally {
    page.busy = false;
  }
}

/** What was saved, in the words of the toast. @param {string} outcome @param {boolean} complains @param {string | undefined} bookedAt */
function whatOf(outcome, complains, bookedAt) {
  if (complains) return "回访记录和投诉抱怨单";
  if (bookedAt) return `约好 ${instantText(bookedAt)} 再打`;
  return ["complete", "partial"].includes(outcome) ? "回访记录" : `回访结果「${label("outcome", outcome)}」`;
}
