// Why it exists: a call is a list of stages and a draft; what is asked, kept and recorded is decided here, without a screen.
import { newId } from "../lib/ids.js";
import { compact, newIds } from "./complaint-build.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{key: string, kind: "dial" | "say" | "question" | "finish", label: string, section?: Doc, question?: Doc}} Stage */
/** @typedef {{question: string, value: string, reason?: string | null, praise?: string | null}} Answer */

/** Sections read before the questions, in this order (D-S1). */
const OPENING = ["greeting", "confirm_person", "say_which", "ask_time", "landline", "questions_intro"];

/**
 * The draft of a call: everything typed, with the versions it is pinned to (D-S8).
 * @param {Doc | null} script @param {Doc | null} questionnaire @param {string} phone
 * @returns {Doc}
 */
export function newDraft(script, questionnaire, phone) {
  const pin = (/** @type {Doc | null} */ doc) => (doc ? { code: doc.code, version: doc.version } : null);
  return {
    attempt_id: newId(),
    ...newIds(),
    script: pin(script),
    questionnaire: pin(questionnaire),
    stage: "dial",
    started_at: "",
    phone,
    from_paper: false,
    answers: {},
    note: "",
    call_again: false,
    wants_complaint: false,
    complaint: {},
  };
}

/**
 * @param {Doc | null} script @param {Doc | null} questionnaire @param {{landline: boolean}} how ask for a landline (D-S1)
 * @returns {Stage[]}
 */
export function stagesOf(script, questionnaire, { landline }) {
  const sections = new Map((script?.sections ?? []).map((/** @type {Doc} */ section) => [section.code, section]));
  const say = (/** @type {string} */ code) => {
    const section = /** @type {Doc | undefined} */ (sections.get(code));
    if (!section || (code === "landline" && !landline)) return [];
    return [/** @type {Stage} */ ({ key: code, kind: "say", label: section.heading, section })];
  };
  const questions = (questionnaire?.questions ?? []).map(
    (/** @type {Doc} */ question) => /** @type {Stage} */ ({ key: `q:${question.code}`, kind: "question", label: question.group, question }),
  );
  return [
    { key: "dial", kind: "dial", label: "拨号" },
    ...OPENING.flatMap(say),
    ...questions,
    ...say("closing"),
    { key: "finish", kind: "finish", label: "小结" },
  ];
}

/** Whether a stage is settled. @param {Stage} stage @param {Doc} draft @param {number} index @param {number} at the present one */
export const isDone = (stage, draft, index, at) =>
  stage.question ? complete(draft.answers[stage.question.code]) : index < at;

/** An answer counts when 「否」 has its reason (D-S2). @param {Answer | undefined} answer */
export const complete = (answer) => Boolean(answer && (answer.value !== "no" || answer.reason?.trim()));

/** First question that 「否」 was said to without a reason. @param {Stage[]} stages @param {Doc} draft */
export const unexplained = (stages, draft) =>
  stages.find(({ question }) => question && draft.answers[question.code] && !complete(draft.answers[question.code])) ?? null;

/** @param {Stage[]} stages @param {Doc} draft @returns {Doc[]} {question, answer} of each 「否」 */
export const saidNo = (stages, draft) =>
  stages.flatMap(({ question }) => {
    const answer = question && draft.answers[question.code];
    return question && answer?.value === "no" ? [{ question, answer }] : [];
  });

/** The outcome the answers amount to. @param {Stage[]} stages @param {Doc} draft @returns {"complete" | "partial"} */
export const outcomeOf = (stages, draft) =>
  stages.every(({ question }) => !question || draft.answers[question.code]) ? "complete" : "partial";

/** The complaint's content as the customer put it, from the answers with 「否」 (D-S7). @param {Stage[]} stages @param {Doc} draft */
export const complaintContent = (stages, draft) =>
  saidNo(stages, draft).map(({ question, answer }) => `${question.group}：${question.text}客户答「否」。${answer.reason ?? ""}`).join("\n");

/**
 * The attempt as a fact (D-S6).
 * @param {{draft: Doc, task: Doc, customer: Doc | null, stages: Stage[], outcome: string, who: {id: string, name: string}, now: string,
 *   booked_at?: string}} given
 * @returns {Doc}
 */
export function buildAttempt({ draft, task, customer, stages, outcome, who, now, booked_at }) {
  const asked = stages.flatMap(({ question }) => (question && draft.answers[question.code] ? [draft.answers[question.code]] : []));
  const talked = ["complete", "partial"].includes(outcome);
  const started = draft.started_at || now;
  return compact({
    id: draft.attempt_id,
    vehicle_id: task.vehicle_id,
    customer_id: customer?.id ?? task.customer_id,
    task_id: task.id,
    node: task.node,
    staff_id: who.id,
    staff_name: who.name,
    channel: "phone",
    phone: draft.phone,
    started_at: started,
    ended_at: draft.from_paper ? started : now,
    outcome,
    consented: talked ? true : outcome === "refused" ? false : null,
    questionnaire: draft.questionnaire?.code,
    questionnaire_version: draft.questionnaire?.version,
    script: draft.script?.code,
    script_version: draft.script?.version,
    answers: asked.length ? asked.map((answer) => compact({ ...answer })) : null,
    call_again: draft.call_again || null,
    booked_at,
    note: draft.note.trim(),
    from_paper: draft.from_paper || null,
  });
}
