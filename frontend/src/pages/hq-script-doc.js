// Why it exists: a script being written becomes the document that is published, and its problems get words (D-S4, D-S8).
import { forbidden } from "../domain/decide-publish.js";
import { check } from "../domain/schema.js";
import { problemText } from "../lib/texts.js";
import { session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("../parts/types.js").Problem} Problem */

/** What an editor begins with: the published text, one version on; or an empty script. @param {Doc | null} current @returns {Doc} */
export function startOf(current) {
  if (!current) return { code: null, version: 1, kind: null, title: null, sections: [{ code: "part_1", heading: null, text: null, hint: null }], note: null };
  const { code, version, kind, title, sections } = current;
  return { code, version: version + 1, kind, title, sections: structuredClone(sections), note: null };
}

/** The document without empty fields. @param {Doc} doc @returns {Doc} */
export function nextVersion(doc) {
  const full = (/** @type {Doc} */ one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null && value !== ""));
  return full({ ...doc, sections: doc.sections.map(full) });
}

/** @param {string} field of the op @returns {string} of the editor */
const inEditor = (field) => field.replace(/^script\./, "");

/**
 * What keeps a script from being published, with words; those of a refused save when there is one.
 * @param {Doc} doc @param {Doc[]} docs every version @param {Doc | null} current
 * @param {{code: string, message: string, problems?: Doc[]}} [refused] @returns {Problem[]}
 */
export function editorProblems(doc, docs, current, refused) {
  if (refused) {
    const named = (refused.problems ?? []).filter(({ field }) => field);
    return named.length ? named.map(worded) : [{ field: "", code: refused.code, message: refused.message }];
  }
  const next = nextVersion(doc);
  const found = check(session.schema, "script", { id: "00000000-0000-5000-8000-000000000000", ...next });
  const shaped = /** @type {Doc[]} */ (found.length ? found : forbidden(session.schema, "script", /** @type {any} */ (next))).map(worded);
  if (!current && docs.some(({ code }) => code === doc.code)) shaped.push({ field: "code", code: "op.version_taken", message: "这个代码已有话术，请换一个，或打开那一份修改。" });
  if (current && !shaped.length && sameText(current, next)) shaped.push({ field: "", code: "field.required", message: "还没有改动，不用发布新版本。" });
  return shaped;
}

/** @param {Doc} problem `phrase` with `op.forbidden_phrase` @returns {Problem} */
function worded(problem) {
  const field = inEditor(problem.field);
  const [, at, name] = /^sections\.(\d+)\.(\w+)$/.exec(field) ?? [];
  const place = at === undefined ? "" : `第 ${Number(at) + 1} 段：`;
  if (problem.code === "op.forbidden_phrase") {
    return { field, code: problem.code, message: `${place}${session.schema.codes[problem.code].message.replace("{phrase}", problem.phrase)}` };
  }
  const { fields } = session.schema.records.script;
  const declared = name ? fields.sections.of.fields[name] : fields[field];
  return { field, code: problem.code, message: `${place}${problemText(session.schema.codes, { field, code: problem.code }, declared)}` };
}

/** @param {Doc} a @param {Doc} b */
const sameText = (a, b) => a.title === b.title && JSON.stringify(nextVersion({ sections: a.sections }).sections.map(sorted)) === JSON.stringify(b.sections.map(sorted));

/** @param {Doc} section */
const sorted = ({ code, heading, text, hint }) => [code, heading, text, hint ?? null];
