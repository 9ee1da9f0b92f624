// Why it exists: icons come from one sprite, take the colour of their text, and are silent unless they are named.
import { html, nothing } from "../../vendor/lit.js";
import { define, Part } from "./part.js";

const SPRITE = "/vendor/icons.svg";

/** The svg alone, for templates that need no element. @param {string} name @param {string} [label] */
export const icon = (name, label = "") => html`<svg
  class="icon"
  role=${label ? "img" : nothing}
  aria-label=${label || nothing}
  aria-hidden=${label ? nothing : "true"}
  focusable="false"
><use href="${SPRITE}#${name}"></use></svg>`;

/** `<cd-icon name="phone">` */
export class CdIcon extends Part {
  static properties = { name: {}, label: {} };

  constructor() {
    super();
    this.name = "circle";
    this.label = "";
  }

  render() {
    return icon(this.name, this.label);
  }
}

define("cd-icon", CdIcon);

/** The sign that goes with a meaning, so that colour never speaks alone. @type {Record<string, string>} */
export const LEVEL_ICONS = {
  late: "circle-alert",
  soon: "hourglass",
  done: "circle-check",
  info: "info",
  stop: "ban",
  warn: "triangle-alert",
};
