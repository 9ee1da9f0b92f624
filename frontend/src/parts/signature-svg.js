// Why it exists: a signature is drawn as svg built by the template engine, never from markup in the data.
import { html, nothing } from "../../vendor/lit.js";
import { signaturePath } from "../lib/signature.js";

/** The signature as an image with a name, nothing when it is none. @param {unknown} value @param {string} label */
export function signatureTemplate(value, label) {
  const path = signaturePath(value);
  if (!path) return nothing;
  return html`<svg class="signature-image" role="img" aria-label=${label} viewBox="0 0 ${path.w} ${path.h}"
    preserveAspectRatio="xMinYMid meet"><path d=${path.d}></path></svg>`;
}
