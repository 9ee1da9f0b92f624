// Why it exists: 客户回访记录表 (D-X5), one call with its answers and the questions as they were asked (D-S8). Twin of
// `exports/forms/callback_record.py`.

import { choices, customerOf, head, isLong, nodeName, pick, said, vehicleOf, yesNo } from "./common.js";

/** @typedef {import("./common.js").Context} Context */

const EMPTY_QUESTIONS = 12;
const LONG_REMARK = 150;
const CALL = ["phone", "started_at", "ended_at", "note", "booked_at", "synced_at"];

/**
 * The sheet of one call; questions of the very version asked, unknown ones by their code only.
 * @param {any} records `{attempt, vehicle, customer}`, blank: `{}` or `{questionnaire: code}` @param {Context} ctx
 */
export function callbackRecord(records, ctx) {
  const attempt = records.attempt ?? null;
  const asked = questionnaire(attempt, records.questionnaire, ctx);
  return {
    ...head("callback_record", attempt?.id, ctx),
    call: {
      ...pick(attempt, CALL),
      node: nodeName(ctx, attempt?.node),
      staff: attempt?.staff_name ?? null,
      minutes: minutes(attempt),
      from_paper: attempt?.from_paper === true,
    },
    channel: choices(ctx, "channel", attempt?.channel),
    outcome: choices(ctx, "outcome", attempt?.outcome),
    consented: yesNo(attempt?.consented, "同意", "不同意"),
    call_again: yesNo(attempt?.call_again, "需要", "不需要"),
    vehicle: vehicleOf(records.vehicle),
    customer: customerOf(records.customer, ctx),
    questionnaire: title(attempt, asked),
    missing: Boolean(attempt?.answers?.length) && asked === null,
    groups: groups(attempt, asked, ctx),
  };
}

/** Whole minutes on the phone, rounded up; a call may run past midnight, never past a day. @param {any} attempt */
function minutes(attempt) {
  if (!attempt?.started_at || !attempt.ended_at) return null;
  const span = (seconds(attempt.ended_at) - seconds(attempt.started_at) + 86_400) % 86_400;
  return Math.ceil(span / 60);
}

/** Seconds into the day. @param {string} instant */
const seconds = (instant) =>
  Number(instant.slice(11, 13)) * 3600 + Number(instant.slice(14, 16)) * 60 + Number(instant.slice(17, 19));

/** The exact version of a call; for a blank sheet the newest version of the wished one.
 * @param {any} attempt @param {string | undefined} code @param {Context} ctx */
function questionnaire(attempt, code, ctx) {
  const every = ctx.questionnaires ?? [];
  if (attempt) {
    const { questionnaire: asked, questionnaire_version: version } = attempt;
    return every.find((doc) => doc.code === asked && doc.version === version) ?? null;
  }
  const fit = every.filter((doc) => doc.code === code);
  return fit.reduce((best, doc) => (best && best.version >= doc.version ? best : doc), null);
}

/** @param {any} attempt @param {any} asked */
const title = (attempt, asked) => ({
  title: asked ? asked.title : (attempt?.questionnaire ?? null),
  version: asked ? asked.version : (attempt?.questionnaire_version ?? null),
});

/** Questions under their group headings, numbered through. @param {any} attempt @param {any} asked @param {Context} ctx */
function groups(attempt, asked, ctx) {
  const answers = new Map((attempt?.answers ?? []).map((/** @type {any} */ answer) => [answer.question, answer]));
  /** @type {{name: string | null, questions: any[]}[]} */
  const made = [];
  questions(attempt, asked).forEach((question, index) => {
    if (made.at(-1)?.name !== question.group) made.push({ name: question.group, questions: [] });
    made.at(-1)?.questions.push(questionRow(index + 1, question, answers.get(question.code) ?? {}, ctx));
  });
  return made;
}

/** @param {any} attempt @param {any} asked @returns {any[]} */
function questions(attempt, asked) {
  if (asked) return asked.questions;
  if (attempt) return (attempt.answers ?? []).map((/** @type {any} */ { question }) => ({ code: question, group: null, text: question }));
  return Array.from({ length: EMPTY_QUESTIONS }, (_, no) => ({ code: String(no), group: null, text: null }));
}

/** @param {number} no @param {any} question @param {any} answer @param {Context} ctx */
function questionRow(no, question, answer, ctx) {
  const words = said(answer);
  return {
    no,
    text: question.text,
    decisive: question.decisive === true,
    answer: choices(ctx, "answer", answer.value),
    remarks: words,
    long: isLong(LONG_REMARK, ...words),
  };
}
