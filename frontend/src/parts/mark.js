// Why it exists: a result shows which part of it was searched for.
import { html } from "../../vendor/lit.js";

/** @param {string} text @param {string} query @returns {unknown} the text, its first match marked (case and spaces ignored) */
export function markMatch(text, query) {
  const [from, to] = findLoose(text, query);
  if (from < 0) return text;
  return html`${text.slice(0, from)}<mark>${text.slice(from, to)}</mark>${text.slice(to)}`;
}

/**
 * Where `query` lies in `text`, spaces and the plate's dot skipped on both sides.
 * @param {string} text @param {string} query @returns {[number, number]} [-1, -1] when nowhere
 */
export function findLoose(text, query) {
  const skip = /[\s·]/;
  const places = [...text].flatMap((letter, i) => (skip.test(letter) || letter.length > 1 ? [] : [i]));
  const plain = places.map((i) => text.charAt(i)).join("").toLowerCase();
  const wanted = query.replace(/[\s·]/g, "").toLowerCase();
  const at = wanted ? plain.indexOf(wanted) : -1;
  if (at < 0) return [-1, -1];
  return [places[at] ?? 0, (places[at + wanted.length - 1] ?? 0) + 1];
}
