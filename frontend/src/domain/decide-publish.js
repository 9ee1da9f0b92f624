/** Head office publishes scripts, questionnaires and plans: new versions, in fit words (D-S4, D-S8). */

import { same } from "./canonical.js";
import { accepted, bodyProblems, change, invalid, noop, parked, problem, repeated } from "./decision.js";
import { isPlain } from "./look.js";
import { compact } from "./schema.js";
import { withoutSpaces } from "./text.js";

/** @import { Case, Decision, Doc, Problem, Schema } from "./types.js" */

/** @type {{[record: string]: {parts: string, texts: string[]}}} its list of parts, and which texts a customer hears */
const PARTS = {
  script: { parts: "sections", texts: ["text"] },
  questionnaire: { parts: "questions", texts: ["text"] },
  plan: { parts: "nodes", texts: [] },
};

/**
 * `<record>.publish`: stores a version above every published one of its code; those never change.
 * @param {Case} given
 * @returns {Decision}
 */
export function publish(given) {
  const [name] = given.spec.kind.split(".");
  const body = prepare(given, name, given.op.body);
  const problems = bodyProblems(given, body);
  if (!problems.length) problems.push(...ownProblems(name, body[name]));
  if (problems.length) return invalid(problems);
  const doc = body[name];
  const stored = given.records.get(name, doc.id);
  if (stored) return same(asWritten(stored), asWritten(doc)) ? noop() : parked({ code: "op.exists" });
  const taken = given.records.ref(name).filter((other) => other.code === doc.code);
  if (taken.some((other) => other.version >= doc.version)) {
    return parked({ code: "op.version_taken", field: `${name}.version` });
  }
  const said = forbidden(given.schema, name, doc);
  return said.length ? parked(...said) : accepted([change(name, doc)]);
}

/**
 * @param {Case} given
 * @param {string} name
 * @param {any} body
 */
function prepare(given, name, body) {
  if (!isPlain(body) || !isPlain(body[name])) return body;
  const stamps = { published_at: given.now, published_by: given.actor.name };
  return { ...body, [name]: { ...body[name], ...stamps } };
}

/** @param {Doc} doc */
function asWritten({ published_at, published_by, ...doc }) {
  return compact(doc);
}

/**
 * @param {string} name
 * @param {Doc} doc
 * @returns {Problem[]}
 */
function ownProblems(name, doc) {
  const { parts } = PARTS[name];
  const found = repeated(doc[parts], "code", `${name}.${parts}`);
  for (const [at, node] of name === "plan" ? doc.nodes.entries() : []) {
    const open = (node.due_days ?? node.due_hours ?? null) === null;
    if (open) found.push(problem(`plan.nodes.${at}.due_days`, "field.required"));
  }
  return found;
}

/**
 * `op.forbidden_phrase` for each text that holds a phrase of the list, however it is spaced (D-S4).
 * @param {Schema} schema
 * @param {string} name
 * @param {Doc} doc
 * @returns {Problem[]}
 */
export function forbidden(schema, name, doc) {
  const phrases = schema.lists.forbidden_phrases.items.map((item) => item.label);
  const { parts, texts } = PARTS[name];
  /** @type {Problem[]} */
  const found = [];
  for (const [at, part] of doc[parts].entries()) {
    for (const text of texts) {
      const said = withoutSpaces(part[text]);
      const field = `${name}.${parts}.${at}.${text}`;
      for (const phrase of phrases.filter((each) => said.includes(each))) {
        found.push({ code: "op.forbidden_phrase", field, phrase });
      }
    }
  }
  return found;
}
