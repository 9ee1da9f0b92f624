// Why it exists: a stored photo, scan or recording is shown for as long as its element stands, and its address in memory goes
// with it: a locked tablet keeps no picture.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { Part } from "../parts/part.js";
import { label } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const AWAY = { offline: "联网后可看", "blob.waiting": "照片还在上传" };

/** One attachment; give `.item` and `view`: thumb, view or empty for the file itself. */
export class FilePicture extends Part {
  static properties = { item: { attribute: false }, view: {}, url: { state: true }, note: { state: true } };

  constructor() {
    super();
    /** @type {Doc | null} */
    this.item = null;
    /** @type {"" | "view" | "thumb"} */
    this.view = "thumb";
    this.url = this.note = this.shown = "";
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.forget();
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.item && !this.shown) void this.load();
  }

  forget() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = this.shown = "";
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    const { item } = this;
    if (changed.has("item") && item && item.sha256 + this.view !== this.shown) void this.load();
  }

  /** Fetches the bytes; those of a picture in the size that is needed. */
  async load() {
    const { item } = this;
    if (!item) return;
    this.forget();
    const wanted = item.sha256 + this.view;
    this.shown = wanted;
    this.note = "";
    try {
      const bytes = await app.blob(item.sha256, kindOf(item) === "image" ? this.view : "");
      if (this.shown === wanted && this.isConnected) this.url = URL.createObjectURL(bytes);
    } catch (error) {
      const { code = "", message = "" } = /** @type {any} */ (error);
      if (this.shown === wanted) this.note = AWAY[/** @type {keyof typeof AWAY} */ (code)] ?? message;
    }
  }

  render() {
    const { item, url, note } = this;
    if (!item) return nothing;
    if (note) return html`<span class="picture-note muted t-14"><cd-icon name="cloud-off"></cd-icon>${note}</span>`;
    if (!url) return html`<span class="picture-note muted t-14" aria-busy="true">正在打开…</span>`;
    if (kindOf(item) === "image") return html`<img src=${url} alt=${altOf(item)} />`;
    if (kindOf(item) === "audio") return html`<audio controls src=${url} aria-label=${altOf(item)}></audio>`;
    return html`<a class="btn" href=${url} download=${item.name ?? "附件.pdf"}><cd-icon name="download"></cd-icon>存到本机再看</a>`;
  }
}

/** @param {Doc} item @returns {"image" | "audio" | "document"} */
export function kindOf({ media_type: type }) {
  if (["jpeg", "png", "webp"].includes(type)) return "image";
  return type === "pdf" ? "document" : "audio";
}

/** @param {Doc} item @returns {string} what it is, in words */
export const altOf = (item) => label("document", item.document) || label("attachment_kind", item.kind);

customElements.define("file-picture", FilePicture);
