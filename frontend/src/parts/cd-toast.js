// Why it exists: a save is answered at once in a few words (「已存本机」) without standing in the way.
import { html, nothing, repeat } from "../../vendor/lit.js";
import { T } from "../lib/texts.js";
import { icon, LEVEL_ICONS } from "./cd-icon.js";
import { define, Part } from "./part.js";

/** @typedef {{level?: "done" | "info" | "soon" | "late", action?: string, run?: () => void, stay?: boolean}} Options */
/** @typedef {{id: number, text: string} & Options} Note */

const SHORT_MS = 4_000;
const LONG_MS = 9_000;
const MOST = 3;

let last = 0;

/** Shows a note wherever a `<cd-toast>` stands. @param {string} text @param {Options} [options] */
export function toast(text, options = {}) {
  dispatchEvent(new CustomEvent("cd-toast-note", { detail: { id: ++last, text, ...options } }));
}

/** Takes all notes away: the tablet is being locked. */
export const clearToasts = () => dispatchEvent(new CustomEvent("cd-toast-clear"));

/** The place of the notes; one in the shell. */
export class CdToast extends Part {
  static properties = { notes: { state: true } };

  constructor() {
    super();
    /** @type {Note[]} */
    this.notes = [];
    this.onNote = this.onNote.bind(this);
    this.clear = () => (this.notes = []);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("cd-toast-note", this.onNote);
    addEventListener("cd-toast-clear", this.clear);
  }

  disconnectedCallback() {
    removeEventListener("cd-toast-note", this.onNote);
    removeEventListener("cd-toast-clear", this.clear);
    super.disconnectedCallback();
  }

  render() {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(this.notes, (note) => note.id, (note) => this.noteTemplate(note))}
    </div>`;
  }

  /** @param {Note} note */
  noteTemplate(note) {
    const run = () => {
      this.drop(note.id);
      note.run?.();
    };
    return html`<div class="toast" data-level=${note.level ?? "info"}>
      ${icon(LEVEL_ICONS[note.level ?? "info"] ?? "info")}<span class="toast-text">${note.text}</span>
      ${note.action ? html`<button class="toast-action" type="button" @click=${run}>${note.action}</button>` : nothing}
      <button class="btn-icon" type="button" aria-label=${T.toast.close} @click=${() => this.drop(note.id)}>${icon("x")}</button>
    </div>`;
  }

  /** @param {Event} event */
  onNote(event) {
    const note = /** @type {CustomEvent<Note>} */ (event).detail;
    this.notes = [...this.notes, note].slice(-MOST);
    if (!note.stay) setTimeout(() => this.drop(note.id), note.action ? LONG_MS : SHORT_MS);
  }

  /** @param {number} id */
  drop(id) {
    this.notes = this.notes.filter((note) => note.id !== id);
  }
}

define("cd-toast", CdToast);
