// Why it exists: a tap on the sync state tells what exactly waits, what was refused and why, and what to do.
import { html, nothing } from "../../vendor/lit.js";
import { countText, instantText } from "../lib/format.js";
import { problemText, T } from "../lib/texts.js";
import { icon, LEVEL_ICONS } from "./cd-icon.js";
import { define, Part } from "./part.js";
import { wantsHomeScreen } from "../lib/home-screen.js";
import { isLate, syncWords } from "./sync-words.js";
import "./cd-progress.js";

/**
 * @typedef {object} Waiting an op of `app.outbox()`
 * @property {string} id @property {string} kind @property {string} [at] @property {string} [state]
 * @property {string} [label] one line that tells it apart @property {{code: string, field?: string, message?: string}[]} [problems]
 */

const MOST = 50;

/** Details of sync; emits `cd-sync-now`, `cd-export` and `cd-op` {id}. */
export class CdSyncPanel extends Part {
  static properties = { state: { attribute: false }, outbox: { attribute: false }, schema: { attribute: false }, now: {} };

  constructor() {
    super();
    /** @type {import("./types.js").SyncState | null} */
    this.state = null;
    /** @type {Waiting[]} */
    this.outbox = [];
    /** @type {import("./types.js").Schema | null} */
    this.schema = null;
    /** @type {string | number | undefined} */
    this.now = undefined;
  }

  render() {
    const { level, icon: sign, text } = syncWords(this.state, this.now);
    if (this.state?.practice) {
      return html`<div class="stack"><p class="sync-now" data-level=${level}>${icon(sign)}<b>${text}</b></p><p class="muted">${T.sync.practiceNote}</p></div>`;
    }
    const parked = this.outbox.filter((op) => op.state === "parked");
    const waiting = this.outbox.filter((op) => op.state !== "parked");
    const offline = this.state ? !this.state.online : false;
    return html`<div class="stack">
      <p class="sync-now" data-level=${level || nothing}>${icon(sign)}<b>${text}</b></p>
      ${this.progress()}
      <p class="muted">${this.note(parked.length, offline)}</p>
      ${parked.length ? this.list(T.sync.toHandle, parked) : nothing}
      ${waiting.length ? this.list(T.sync.unsent, waiting) : nothing}
      ${this.facts()}
      ${wantsHomeScreen() ? html`<p class="muted">${T.sync.homeScreen}</p>` : nothing}
      <button class="btn btn-primary btn-block" type="button" ?disabled=${offline} @click=${() => this.emit("cd-sync-now")}>
        ${icon("refresh-cw")}${T.sync.now}</button>
      ${this.state?.pending ? html`<button class="btn btn-block" type="button" @click=${() => this.emit("cd-export")}>
        ${icon("download")}${T.sync.export}</button>` : nothing}
    </div>`;
  }

  progress() {
    if (this.state?.sync.phase !== "downloading") return nothing;
    return html`<cd-progress .value=${this.state.sync.percent} .label=${T.sync.downloading} .detail=${this.state.sync.message ?? ""}></cd-progress>`;
  }

  /** @param {number} parked @param {boolean} offline */
  note(parked, offline) {
    if (parked) return T.sync.parkedNote;
    if (!offline && this.state?.held_by) return T.sync.heldNote(this.state.held_by);
    if (isLate(this.state, this.now)) return T.sync.lateNote;
    if (offline) return T.sync.offlineOk;
    if (["error", "stalled"].includes(this.state?.sync.phase ?? "")) return this.state?.sync.message || T.sync.failedNote;
    if (this.state?.pending_blobs) return T.sync.filesNote;
    return this.outbox.length || this.state?.refused_blobs ? T.sync.offlineOk : T.sync.nothing;
  }

  /** @param {string} title @param {Waiting[]} ops */
  list(title, ops) {
    const rest = ops.length - MOST;
    return html`<section class="stack-s"><h3 class="section-title">${title}<span class="count num">${countText(ops.length)}</span></h3>
      <ul class="list">${ops.slice(0, MOST).map((op) => this.op(op))}</ul>
      ${rest > 0 ? html`<p class="muted t-14">${T.sync.more(countText(rest))}</p>` : nothing}</section>`;
  }

  /** @param {Waiting} op */
  op(op) {
    const parked = op.state === "parked";
    const states = /** @type {Record<string, string>} */ (T.sync.states);
    const kind = this.schema?.ops?.[op.kind]?.label ?? op.kind;
    const why = (op.problems ?? []).map(({ field = "", ...rest }) => problemText(this.schema?.codes, { field, ...rest }));
    return html`<li class="row"><button class="row-main" type="button" @click=${() => this.emit("cd-op", { id: op.id })}>
      <span class="row-sign ${parked ? "late" : "info"}">${icon(parked ? LEVEL_ICONS.late ?? "" : "cloud-upload")}</span>
      <span class="row-text"><span class="row-heading">${kind}${op.label ? ` · ${op.label}` : ""}</span>
        ${why.map((text) => html`<span class="row-note late">${text}</span>`)}</span>
      <span class="row-meta num">${states[op.state ?? "saved"] ?? ""}<br />${instantText(op.at, this.now)}</span>
    </button></li>`;
  }

  /** What the browser answered when it was asked to keep the data. @param {boolean | null} persisted null: it cannot say */
  kept(persisted) {
    if (persisted === null) return T.sync.unknownKept;
    return persisted ? T.sync.kept : T.sync.notKept;
  }

  facts() {
    const storage = this.state?.storage;
    const mb = (/** @type {number} */ bytes) => `${countText(Math.round(bytes / 1_048_576))} MB`;
    const last = instantText(this.state?.sync.last_at, this.now);
    return html`<dl class="kv">${last ? html`<div><dt>${T.sync.last}</dt><dd class="num">${last}</dd></div>` : nothing}
      ${storage ? html`<div><dt>${T.sync.storage}</dt><dd class="num">${mb(storage.usage)} / ${mb(storage.quota)}，${this.kept(storage.persisted)}</dd></div>` : nothing}
    </dl>`;
  }
}

define("cd-sync-panel", CdSyncPanel);
