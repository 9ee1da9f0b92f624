// Why it exists: every screen asks the same questions (who, which branch, which words) and hears the same news;
// this holds the page's one view of the worker's state, so that no screen keeps a second truth.
import { app, onChange } from "../lib/app.js";
import { groundOf } from "./complaint-clocks.js";

/**
 * @typedef {Record<string, any>} Doc a record's document
 * @typedef {{id: string, name: string, roles: string[], deputy_roles: string[], place: "tablet", system: boolean}} Actor
 * @typedef {{type: string}} News "state" or "data"
 */

/** What the page knows at once, without waiting. @type {{state: Doc | null, schema: any, branches: Doc[], nodes: Record<string, string>}} */
export const session = { state: null, schema: null, branches: [], nodes: {} };

/** @type {Set<(news: News) => void>} */
const listeners = new Set();
/** @type {Map<string, Promise<Doc[]>>} */
let kept = new Map();

/** Hears every change of state or data. @param {(news: News) => void} listener @returns {() => void} stops it */
export function onNews(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {News} news */
async function hear(news) {
  if (news.type === "wiped") return; // there is nobody left to ask
  if (news.type === "data") kept = new Map();
  session.state = await app.state();
  if (news.type === "data" || !session.schema) await readGround();
  for (const listener of listeners) listener(news);
}

/** The schema and the branches; without a first download there are none yet. */
async function readGround() {
  session.schema = (await app.schema().catch(() => null)) ?? session.schema;
  session.branches = session.state?.session ? await refs("branch").catch(() => []) : [];
  session.nodes = session.state?.session ? await nodeNames().catch(() => ({})) : {};
}

/** Connects the page with the worker. @returns {Promise<void>} once the first state is known */
export async function startSession() {
  onChange((news) => void hear(news));
  await hear({ type: "data" });
}

/** Reads who is signed in right after that changed, so that the next page already knows. @returns {Promise<void>} */
export const readSession = () => hear({ type: "data" });

/** Head-office documents of a kind, kept until the data change. @param {string} kind @returns {Promise<Doc[]>} */
export function refs(kind) {
  const known = kept.get(kind);
  if (known) return known;
  const asked = /** @type {Promise<Doc[]>} */ (app.ref(kind));
  kept.set(kind, asked);
  asked.catch(() => kept.delete(kind));
  return asked;
}

/** @returns {Doc | null} the signed-in person {id, name, roles} */
export const me = () => session.state?.user ?? null;

/** @returns {Doc} the present branch's document, or what is known of it */
export function branch() {
  const code = session.state?.branch ?? "";
  return session.branches.find((doc) => doc.code === code) ?? { code, name: code, short_name: code };
}

/** @returns {string[]} role codes for the present branch, those for all branches included */
export function roles() {
  const given = me()?.roles ?? {};
  return [...new Set([...(given[session.state?.branch ?? ""] ?? []), ...(given["*"] ?? [])])];
}

const MANAGERS = ["cs_manager", "service_manager", "sales_manager", "general_manager"];
const OPERATORS = ["hq_operator", "admin"];

/** The branches whose tablets this person answers for: one's own, all of them at head office. @param {Doc[]} branches */
export function managedBranches(branches) {
  const given = /** @type {Record<string, string[]>} */ (me()?.roles ?? {});
  const all = given["*"]?.some((role) => OPERATORS.includes(role));
  return branches.filter(({ code, active }) => active && (all || given[code]?.some((role) => MANAGERS.includes(role))));
}

/** @returns {Actor} as the rules want it (D-K2: deputies come from the branch's document) */
export function actor() {
  const user = me();
  const own = (branch().deputies ?? []).filter((/** @type {Doc} */ row) => row.staff_id === user?.id);
  return {
    id: user?.id ?? "",
    name: user?.name ?? "",
    roles: roles(),
    deputy_roles: own.map((/** @type {Doc} */ row) => row.role),
    place: "tablet",
    system: false,
  };
}

/** Label of a list's code. @param {string} list @param {string | null | undefined} code @returns {string} */
export function label(list, code) {
  const items = /** @type {Doc[]} */ (session.schema?.lists?.[list]?.items ?? []);
  return items.find((item) => item.code === code)?.label ?? code ?? "";
}

/** Labels of role codes, as a person's title. @param {string[]} codes @returns {string} */
export const roleText = (codes) => codes.map((code) => label("role", code)).join("、");

/** Newest version of a versioned document (D-S8). @param {Doc[]} docs @param {string | null | undefined} code @param {number} [version] */
export function newest(docs, code, version) {
  const found = docs.filter((doc) => doc.code === code && (!version || doc.version === version));
  return found.sort((a, b) => b.version - a.version)[0] ?? null;
}

/** What a complaint's clocks are read against (D-K3). @returns {Promise<import("./complaint-clocks.js").Ground>} */
export async function clockGround() {
  const [years, rules] = await Promise.all([refs("holiday_year"), refs("rule")]);
  return groundOf(session.schema, branch(), years, rules);
}

/** A callback in words, 「三日回访」 for `3DC`. @param {string | null | undefined} code */
export const nodeName = (code) => session.nodes[code ?? ""] ?? code ?? "";

/** The names of callback nodes, 「三日回访」 for `3DC`, from the plan in use (D-C17). @returns {Promise<Record<string, string>>} */
export async function nodeNames() {
  const plan = newest(await refs("plan"), "standard");
  return Object.fromEntries((plan?.nodes ?? []).map((/** @type {Doc} */ node) => [node.code, node.name]));
}
