// Why it exists: two small shapes stand on every screen: a banner with a sign, and a list of facts that leaves empty ones out.
import { html, nothing } from "../../vendor/lit.js";

/**
 * @param {{level?: "late" | "soon" | "done" | "info" | "", icon: string, text: unknown, action?: unknown, role?: string}} what
 *   `role`: "alert" or "status" when it appears by itself
 */
export const banner = ({ level = "", icon, text, action = nothing, role = "" }) => html`<div class="banner"
  data-level=${level || nothing} role=${role || nothing}><cd-icon name=${icon}></cd-icon><p>${text}</p>${action}</div>`;

/** @param {unknown} text @returns {boolean} something to show */
const said = (text) => (Array.isArray(text) ? text.length > 0 : Boolean(text) && text !== nothing);

/** Facts as a definition list; those without a text are left out. @param {[string, unknown][]} facts @param {string} [look] another class */
export function factList(facts, look = "") {
  const shown = facts.filter(([, text]) => said(text));
  if (!shown.length) return nothing;
  return html`<dl class="kv ${look}">${shown.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}
