// Why it exists: renders a form's template with LiquidJS to the same HTML string python-liquid makes on the server
// (`exports/render.py`): output escaped, an unknown name or filter is an error, nothing is fetched.

import { Liquid } from "../../vendor/liquid.js";
import { makeFilters } from "./filters.js";

/** The templates a tablet keeps: the forms and the pieces they share. */
export const TEMPLATES = [
  "complaint", "callback_log", "callback_record", "vehicle_file",
  "head", "foot", "ticks", "lines", "signature", "signers", "complaint_block", "person_cells",
];

/**
 * @param {any} schema @param {Record<string, string>} templates texts by name
 * @returns {(form: string, payload: any) => string} the HTML document; throws when the payload has another shape
 */
export function makeEngine(schema, templates) {
  const engine = new Liquid({
    templates,
    outputEscape: "escape",
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
  });
  for (const [name, filter] of Object.entries(makeFilters(schema))) engine.registerFilter(name, filter);
  return (form, payload) => engine.parseAndRenderSync(templates[form], payload);
}
