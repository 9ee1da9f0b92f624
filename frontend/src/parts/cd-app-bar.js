// Why it exists: branch, person and sync state are always in sight, and each can be tapped.
import { html, nothing } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";
import { syncWords } from "./sync-words.js";

/** The top bar; emits `cd-branch`, `cd-person`, `cd-sync`. */
export class CdAppBar extends Part {
  static properties = { branch: {}, branches: { type: Number }, person: {}, role: { attribute: false }, state: { attribute: false }, now: {} };

  constructor() {
    super();
    this.branch = "";
    this.branches = 1;
    this.person = "";
    /** label of the role; a property only, the attribute of that name is ARIA's */
    this.role = "";
    /** @type {import("./types.js").SyncState | null} */
    this.state = null;
    /** @type {string | number | undefined} */
    this.now = undefined;
  }

  render() {
    return html`<header class="app-bar">
      <span class="app-mark" aria-hidden="true">档</span>
      ${this.branchTemplate()}
      <span class="app-bar-gap"></span>
      ${this.syncTemplate()} ${this.person ? this.personTemplate() : nothing}
    </header>`;
  }

  branchTemplate() {
    const name = this.branch || T.bar.noBranch;
    if (this.branches < 2) return html`<span class="app-bar-branch"><span class="truncate">${name}</span></span>`;
    return html`<button class="app-bar-branch" @click=${() => this.emit("cd-branch")}>
      <span class="truncate">${name}</span>${icon("chevron-down")}<span class="sr-only">，${T.bar.switchBranch}</span>
    </button>`;
  }

  syncTemplate() {
    const { level, icon: sign, text } = syncWords(this.state, this.now);
    return html`<button class="app-bar-sync" data-level=${level} @click=${() => this.emit("cd-sync")}>
      ${icon(sign)}<span aria-live="polite">${text}</span><span class="sr-only">，${T.bar.sync}</span>
    </button>`;
  }

  personTemplate() {
    return html`<button class="app-bar-person" @click=${() => this.emit("cd-person")}>
      ${icon("circle-user")}
      <span class="app-bar-who"><span class="truncate">${this.person}</span><small class="truncate">${this.role}</small></span>
      <span class="sr-only">，${T.bar.person}</span>
    </button>`;
  }
}

define("cd-app-bar", CdAppBar);
