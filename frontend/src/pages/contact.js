// Why it exists: 「上次」 is told in one line wherever somebody is about to dial.
import { dateShort } from "../lib/format.js";
import { label, nodeName } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 上次 11-19 李梅 次日回访 已完成. @param {Doc | null | undefined} file of `app.file()` @returns {string} */
export function lastContact(file) {
  const last = file?.attempts?.[0];
  if (!last) return "还没有联系过";
  return ["上次", dateShort(last.ended_at), last.staff_name, nodeName(last.node), label("outcome", last.outcome)].filter(Boolean).join(" ");
}

/** 「上次」 beside the gate's answer, unless one of its cards tells it already. @param {any} gate @param {Doc | null | undefined} file */
export const lastBeside = (gate, file) =>
  gate?.cards.some((/** @type {Doc} */ card) => card.code === "last_contact") ? "" : lastContact(file);

/** Share of yes among the asked: 「10 是 1 否」. @param {Doc[] | null | undefined} answers */
export function answerCount(answers) {
  const count = (/** @type {string} */ value) => (answers ?? []).filter((answer) => answer.value === value).length;
  const [yes, no] = [count("yes"), count("no")];
  return yes + no ? `${yes} 项「是」${no ? `，${no} 项「否」` : ""}` : "";
}

/** Possible numbers of a person, mobile first. @param {Doc | null | undefined} person @returns {string[]} */
export const phonesOf = (person) =>
  [.../** @type {string[]} */ (person?.phones ?? [])].sort((a, b) => Number(isMobile(b)) - Number(isMobile(a)));

/** Roles in the order a file names them: who owns the car stands first. */
const ROLES = ["owner", "company", "driver", "payer", "sender"];

/** Each person once, with all of their roles as `roles`, the owner first. @param {Doc[]} people with `role` @returns {Doc[]} */
export function eachOnce(people) {
  const rank = (/** @type {string} */ role) => (ROLES.includes(role) ? ROLES.indexOf(role) : ROLES.length);
  const sorted = [...people].sort((a, b) => rank(a.role) - rank(b.role));
  return [...new Set(sorted.map(({ id }) => id))].map((id) => {
    const same = sorted.filter((person) => person.id === id);
    return { ...same[0], roles: same.map(({ role }) => role).filter(Boolean) };
  });
}

/** @param {string | null | undefined} phone */
export const isMobile = (phone) => /^(\+86)?1\d{10}$/.test(phone ?? "");
