// Why it exists: every part and page shares one base: Lit in the light DOM, so that one stylesheet and printing work.
import { LitElement } from "../../vendor/lit.js";

/** Base of parts and pages. */
export class Part extends LitElement {
  /** @returns {this} no shadow root */
  createRenderRoot() {
    return this;
  }

  /** Tells the page what the user did. @param {string} name @param {unknown} [detail] @returns {boolean} */
  emit(name, detail = null) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

let count = 0;

/** An id that is unique on the page, for labels. @param {string} stem */
export const uid = (stem) => `${stem}-${++count}`;

/** Registers once; a second import of the module is harmless. @param {string} tag @param {CustomElementConstructor} type */
export function define(tag, type) {
  if (!customElements.get(tag)) customElements.define(tag, type);
}
