// Why it exists: a call needs task, file, gate and the wording at the versions its draft is pinned to (D-S8).
import { rule } from "../domain/rules.js";
import { app } from "../lib/app.js";
import { toast } from "../parts/cd-toast.js";
import { newDraft } from "./call-model.js";
import { isMobile, phonesOf } from "./contact.js";
import { Draft } from "./draft.js";
import { branch, newest, refs, session } from "./session.js";
import { wordsFor } from "./wording.js";

/** @typedef {import("./session.js").Doc} Doc */

/** The task's row, from today's list or, for another day's task, from nowhere. @param {string} id */
async function rowOf(id) {
  const { tasks } = await app.today();
  return tasks.find((/** @type {Doc} */ row) => row.task.id === id && row.task.state === "open") ?? null;
}

/** The day the call is about: hand-back of the repair, else delivery. @param {Doc} task @param {Doc} file */
function dayOfVisit(task, file) {
  const order = file.repair_orders.find((/** @type {Doc} */ one) => one.id === task.source_id);
  const delivery = file.deliveries.find((/** @type {Doc} */ one) => one.id === task.source_id);
  return order?.out_at ?? delivery?.delivered_on ?? file.vehicle.delivered_on ?? null;
}

/**
 * @param {string} taskId @param {Doc | null} running the draft of a call in progress
 * @returns {Promise<Doc>} task null when it is not to be called any more
 */
export async function loadCall(taskId, running) {
  const row = await rowOf(taskId);
  if (!row) return { task: null };
  const { task, plan_node: node } = row;
  const [file, scripts, questionnaires, rules] = await Promise.all([
    app.file(task.vehicle_id), refs("script"), refs("questionnaire"), refs("rule"),
  ]);
  const customer = file.people.find((/** @type {Doc} */ one) => one.id === (task.customer_id ?? row.customer?.id)) ?? row.customer ?? file.people[0] ?? null;
  const kept = keeper(taskId);
  const found = running ?? (await kept.read());
  const script = newest(scripts, found?.script?.code ?? node?.script, found?.script?.version);
  const questionnaire = newest(questionnaires, found?.questionnaire?.code ?? node?.questionnaire, found?.questionnaire?.version);
  const draft = found ?? newDraft(script, questionnaire, phonesOf(customer)[0] ?? "");
  if (found && !running && found.started_at) tellRestored(found.attempt_id);
  const value = (/** @type {string} */ code) => rule(session.schema, rules, code, branch().code);
  return {
    task, node, file, customer, script, questionnaire, draft, kept,
    gate: await app.gate({ vehicle_id: task.vehicle_id, customer_id: customer?.id }),
    help: onlyNewest(scripts),
    words: wordsFor({ customer, vehicle: file.vehicle, on: dayOfVisit(task, file) }),
    landline: value("call.ask_landline") === 1 && isMobile(draft.phone),
    span: [value("call.min_minutes"), value("call.max_minutes")],
  };
}

/** @type {Map<string, Draft>} one writer per draft, so that a reload of the data cannot overtake it */
const keepers = new Map();

/** @param {string} taskId */
function keeper(taskId) {
  const known = keepers.get(taskId);
  if (known && !known.closed) return known;
  const made = new Draft(`call:${taskId}`);
  keepers.set(taskId, made);
  return made;
}

/** Attempts whose restoring was told: news during the first load must not tell it twice. @type {Set<string>} */
const told = new Set();

/** @param {string} attemptId */
function tellRestored(attemptId) {
  if (!told.has(attemptId)) toast("已恢复上次没打完的通话记录。", { level: "info" });
  told.add(attemptId);
}

/** @param {Doc[]} scripts */
const onlyNewest = (scripts) => scripts.filter((doc) => newest([...scripts], doc.code) === doc);
