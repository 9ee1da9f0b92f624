// Why it exists: one search field, results while typing, usable with a Chinese input method and with arrow keys.
import { html, live, nothing } from "../../vendor/lit.js";
import { countText } from "../lib/format.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part, uid } from "./part.js";

const QUIET_MS = 120;

/** Emits `cd-search` {text} while typing, `cd-move` {by} for arrows, `cd-pick` for Enter. */
export class CdSearch extends Part {
  static properties = {
    value: {},
    label: {},
    placeholder: {},
    busy: { type: Boolean },
    count: { type: Number },
  };

  constructor() {
    super();
    this.value = this.placeholder = "";
    this.label = T.search.label;
    this.busy = false;
    /** @type {number | null} announced to screen readers */
    this.count = null;
    this.partId = uid("search");
    this.timer = 0;
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  render() {
    const words = this.count === null ? "" : this.count ? T.search.count(countText(this.count)) : T.search.none;
    return html`<div class="search" role="search">
      <label class="sr-only" for=${this.partId}>${this.label}</label>
      ${this.busy ? html`<span class="spin">${icon("loader-circle")}</span>` : icon("search")}
      <input class="search-input" id=${this.partId} type="search" autocomplete="off" autocapitalize="off" spellcheck="false"
        enterkeyhint="search" placeholder=${this.placeholder} .value=${live(this.value)}
        @input=${this.typed} @compositionend=${this.typed} @keydown=${this.key} />
      ${this.value ? html`<button class="btn-icon" type="button" aria-label=${T.search.clear} @click=${this.clear}>${icon("x")}</button>` : nothing}
      <span class="sr-only" aria-live="polite">${words}</span>
    </div>`;
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.querySelector("input")?.focus(options);
  }

  /** @param {Event & {target: HTMLInputElement, isComposing?: boolean}} event half-typed pinyin is not searched */
  typed(event) {
    this.value = event.target.value;
    clearTimeout(this.timer);
    if (event.isComposing) return;
    this.timer = setTimeout(() => this.emit("cd-search", { text: this.value.trim() }), QUIET_MS);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by) {
      event.preventDefault();
      this.emit("cd-move", { by });
    } else if (event.key === "Enter") this.emit("cd-pick");
    else if (event.key === "Escape" && this.value) this.clear();
  }

  clear() {
    this.value = "";
    clearTimeout(this.timer);
    this.emit("cd-search", { text: "" });
    this.focus();
  }
}

define("cd-search", CdSearch);
