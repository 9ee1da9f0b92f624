// Why it exists: a branch sees what changed in a script, and head office sees it before publishing (D-S8).
import { html, nothing } from "../../vendor/lit.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{op: "same" | "add" | "del", text: string}} Piece */
/** @typedef {{kind: "added" | "removed" | "changed", heading: string, pieces: Piece[], hint: Piece[] | null, was: string | null}} Change */

/** Sentences, so that a change reads as one; punctuation stays with what it ends. @param {string} text */
const sentences = (text) => text.match(/[^。！？；\n]+[。！？；」\n]*|[。！？；\n]+/g) ?? [];

/** Table of the longest common subsequence. @param {string[]} a @param {string[]} b @returns {number[][]} */
function common(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  }
  return table;
}

/** @param {string[]} a @param {string[]} b @returns {Piece[]} neighbours of one kind joined */
function walk(a, b) {
  const table = common(a, b);
  /** @type {Piece[]} */
  const found = [];
  const put = (/** @type {Piece["op"]} */ op, /** @type {string} */ text) => {
    const last = found.at(-1);
    if (last?.op === op) last.text += text;
    else found.push({ op, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      put("same", a[i]);
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) put("del", a[i++]);
    else put("add", b[j++]);
  }
  return found;
}

/**
 * What became of a text: by sentences, and inside a sentence that was only touched by characters.
 * @param {string} before @param {string} after @returns {Piece[]} joined without "del" they give `after`
 */
export function textDiff(before, after) {
  const pieces = walk(sentences(before), sentences(after));
  return pieces.flatMap((piece, at) => {
    const [previous, next] = [pieces[at - 1], pieces[at + 1]];
    if (piece.op === "add" && previous?.op === "del") return [];
    if (piece.op !== "del" || next?.op !== "add") return [piece];
    const fine = walk([...piece.text], [...next.text]);
    const kept = fine.filter(({ op }) => op === "same").reduce((n, { text }) => n + text.length, 0);
    return kept * 2 > Math.min(piece.text.length, next.text.length) ? fine : [piece, next];
  });
}

/** @param {Doc | null} before a script @param {Doc} after @returns {Change[]} by section, in the order of `after` */
export function scriptChanges(before, after) {
  const old = new Map((before?.sections ?? []).map((/** @type {Doc} */ section) => [section.code, section]));
  const kept = new Set(after.sections.map((/** @type {Doc} */ section) => section.code));
  const changes = after.sections.flatMap((/** @type {Doc} */ section) => sectionChange(old.get(section.code), section));
  const gone = [...old.values()].filter(({ code }) => !kept.has(code));
  const removed = gone.map(({ heading, text }) => ({ kind: "removed", heading, pieces: [{ op: "del", text }], hint: null, was: null }));
  return [...changes, ...removed];
}

/** @param {Doc | undefined} before @param {Doc} after @returns {Change[]} none when nothing changed */
function sectionChange(before, after) {
  const { heading, text, hint } = after;
  if (!before) return [{ kind: "added", heading, pieces: [{ op: "add", text }], hint: hint ? [{ op: "add", text: hint }] : null, was: null }];
  const same = before.text === text && before.heading === heading && (before.hint ?? "") === (hint ?? "");
  if (same) return [];
  const hints = (before.hint ?? "") === (hint ?? "") ? null : textDiff(before.hint ?? "", hint ?? "");
  return [{ kind: "changed", heading, pieces: textDiff(before.text, text), hint: hints, was: before.heading === heading ? null : before.heading }];
}

const KIND_TEXT = { added: "新增段落", removed: "删去段落", changed: "有改动" };
const LEVEL = { added: "done", removed: "late", changed: "info" };

/** @param {Piece[]} pieces */
const marked = (pieces) =>
  pieces.map(({ op, text }) => (op === "same" ? text : op === "add" ? html`<ins><span class="sr-only">（加）</span>${text}</ins>` : html`<del><span class="sr-only">（删）</span>${text}</del>`));

/** The changes as people read them. @param {Doc | null} before @param {Doc} after */
export function diffView(before, after) {
  const changes = scriptChanges(before, after);
  const same = before && before.title !== after.title ? html`<p>名称：<del>${before.title}</del> <ins>${after.title}</ins></p>` : nothing;
  if (!changes.length) return html`${same}<p class="muted">段落没有改动。</p>`;
  return html`${same}<div class="stack-s">${changes.map((change) => html`<section class="diff" aria-label=${change.heading}>
    <h3 class="cluster">${change.heading}${change.was ? html`<span class="muted t-13">原为「${change.was}」</span>` : nothing}
      <span class="badge" data-level=${LEVEL[change.kind]}>${KIND_TEXT[change.kind]}</span></h3>
    <p class="pre">${marked(change.pieces)}</p>
    ${change.hint ? html`<p class="pre muted t-14">提示：${marked(change.hint)}</p>` : nothing}</section>`)}</div>`;
}
