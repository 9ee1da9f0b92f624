// Why it exists: a photo, a signed sheet or a recording is added where one stands, is on the tablet at once, and tells how far
// its upload is; what was added by mistake goes with one tap and comes back with another (D-F2).
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { shrink } from "../lib/shrink.js";
import { toast } from "../parts/cd-toast.js";
import { Part } from "../parts/part.js";
import { attachmentDialog, stateOf, tile } from "./attachment-tile.js";
import { onNews } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {{kind: string, text: string, icon: string, accept: string, camera?: boolean}} Offer */

const PICTURES = "image/jpeg,image/png,image/webp,image/*";
/** @type {Record<string, Offer>} */
const OFFERS = {
  photo: { kind: "photo", text: "拍照", icon: "camera", accept: PICTURES, camera: true },
  scan: { kind: "scan", text: "拍签字单", icon: "file-check", accept: PICTURES, camera: true },
  choose: { kind: "photo", text: "选照片", icon: "image-plus", accept: PICTURES },
  recording: { kind: "recording", text: "添加录音", icon: "mic", accept: "audio/*,.m4a,.mp3,.wav,.ogg,.webm" },
};
const DOCUMENT = { kind: "document", text: "", icon: "", accept: `${PICTURES},application/pdf`, camera: false };

/** Attachments of a vehicle or of what `of` names; without `.items` it reads them itself. Emits `cd-attached`. */
export class FileAttachments extends Part {
  static properties = {
    vehicle: {}, of: { attribute: false }, items: { attribute: false }, offers: { attribute: false }, heading: {},
    kept: { state: true }, busy: { state: true }, alert: { state: true }, open: { state: true }, own: { state: true },
  }; // prettier-ignore

  constructor() {
    super();
    this.vehicle = this.open = this.alert = "";
    this.heading = "附件";
    /** @type {{kind: string, id: string} | null} */
    this.of = null;
    /** @type {Doc[] | null} */
    this.items = null;
    /** @type {Doc[]} */
    this.own = [];
    this.offers = ["photo", "choose"];
    /** @type {Map<string, Doc>} sha256 → what the tablet still has of it */
    this.kept = new Map();
    this.busy = false;
    this.stop = () => {};
    /** @type {Doc} */
    this.next = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = onNews(() => void this.look());
    void this.look();
  }

  disconnectedCallback() {
    this.stop();
    super.disconnectedCallback();
  }

  async look() {
    try {
      this.kept = new Map((await app.kept_blobs()).map((/** @type {Doc} */ row) => [row.sha256, row]));
      if (!this.items && this.vehicle) this.own = (await app.file(this.vehicle)).attachments;
    } catch {
      this.kept = new Map(); // locked meanwhile
    }
  }

  get shown() {
    const { of } = this;
    return this.items ?? this.own.filter((item) => !of || item.of_id === of.id);
  }

  /** Lets the person choose a file or take a photo. @param {string} name of an offer, or `document` @param {string} [document] its code */
  pick(name, document) {
    const offer = OFFERS[name] ?? DOCUMENT;
    const input = this.querySelector("input");
    if (!input) return;
    this.next = { kind: offer.kind, ...(document ? { document } : {}) };
    input.accept = offer.accept;
    input.toggleAttribute("multiple", !offer.camera);
    if (offer.camera) input.setAttribute("capture", "environment");
    else input.removeAttribute("capture");
    input.click();
  }

  /** @param {Event} event */
  async chosen({ target }) {
    const input = /** @type {HTMLInputElement} */ (target);
    const files = [...(input.files ?? [])];
    this.busy = true;
    this.alert = "";
    try {
      for (const file of files) await this.attach(file);
      input.value = "";
      if (files.length) toast(`已存本机：${files.length} 个附件`, { level: "info" });
    } catch (error) {
      this.alert = /** @type {any} */ (error)?.message || "没能存下，请再试一次。";
    } finally {
      this.busy = false;
      await this.look();
    }
  }

  /** @param {File} file */
  async attach(file) {
    const of = this.of ?? { kind: "vehicle", id: this.vehicle };
    const about = { vehicle_id: this.vehicle, of_kind: of.kind, of_id: of.id };
    await app.attach({ ...about, ...this.next, name: file.name.slice(-120) || undefined }, await shrink(file));
    this.emit("cd-attached");
  }

  /** Takes one out of sight, and offers it back. @param {Doc} item */
  async takeAway(item) {
    this.alert = "";
    this.open = "";
    try {
      await app.detach(item.id, "在页面上移除");
    } catch (error) {
      this.alert = /** @type {any} */ (error)?.message ?? "没能移除，请再试一次。";
      return;
    }
    const { id, by_id, by_name, taken_at, ...same } = item;
    const back = () => app.attach({ ...same, taken_at }, null).then(() => this.look());
    toast("已移除 1 个附件", { action: "撤销", run: () => void back() });
    await this.look();
  }

  render() {
    const items = this.shown;
    const open = items.find((item) => item.id === this.open);
    return html`<section class="stack-s attachments" aria-label=${this.heading}>
      <div class="section-head"><h2>${this.heading}${items.length ? html`<span class="count num">${items.length}</span>` : nothing}</h2>
        <div class="cluster">${this.offers.map((name) => html`<button class="btn" type="button" ?disabled=${this.busy}
          @click=${() => this.pick(name)}><cd-icon name=${OFFERS[name]?.icon ?? "paperclip"}></cd-icon>${OFFERS[name]?.text}</button>`)}</div></div>
      <input type="file" hidden @change=${this.chosen} />
      ${this.busy ? html`<p class="muted" role="status">正在存到本机…</p>` : nothing}
      ${this.alert ? html`<p class="late" role="alert">${this.alert}</p>` : nothing}
      ${items.length ? html`<ul class="tiles">${items.map((item) => tile(item, stateOf(item, this.kept), () => (this.open = item.id)))}</ul>` : nothing}
      ${attachmentDialog(open, stateOf(open, this.kept), { close: () => (this.open = ""), remove: (item) => this.takeAway(item) })}
    </section>`;
  }
}

/** A paper of the checklist is photographed into the file on this page. @param {Element} page @param {string} code */
export const scanInto = (page, code) =>
  /** @type {FileAttachments | null} */ (page.querySelector("file-attachments"))?.pick("document", code);

customElements.define("file-attachments", FileAttachments);
