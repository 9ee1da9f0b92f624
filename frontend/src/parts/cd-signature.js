// Why it exists: people sign on the screen; what is kept is a short vector string, not a picture.
import { html, nothing } from "../../vendor/lit.js";
import { SignaturePad } from "../../vendor/signature-pad.js";
import { signatureString } from "../lib/signature.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part, uid } from "./part.js";
import { signatureTemplate } from "./signature-svg.js";

export { signaturePath } from "../lib/signature.js";

/** Pad, or with `readonly` (or a value that was not drawn here) the image; emits `cd-sign` {value | null}. */
export class CdSignature extends Part {
  static properties = {
    value: { attribute: false },
    label: {},
    signer: {},
    readonly: { type: Boolean },
    bare: { type: Boolean },
    screenOnly: { type: Boolean, attribute: "screen-only" },
    problem: {},
    drawn: { state: true },
    failed: { state: true },
  };

  constructor() {
    super();
    /** @type {string | null} */
    this.value = null;
    this.label = T.signature.label;
    this.signer = this.problem = "";
    /** `bare`: the label stands outside, as in cd-field; `screenOnly`: the form knows no signing on paper */
    this.readonly = this.bare = this.screenOnly = false;
    /** true while the value on screen is the ink on the pad */
    this.drawn = false;
    this.failed = false;
    /** @type {SignaturePad | null} */
    this.pad = null;
    /** @type {HTMLCanvasElement | null} */
    this.canvas = null;
    this.partId = uid("sign");
    this.watcher = new ResizeObserver(() => this.fit());
  }

  disconnectedCallback() {
    this.letGo();
    super.disconnectedCallback();
  }

  render() {
    const name = this.signer ? T.signature.of(this.signer) : this.label;
    if (this.readonly) {
      return this.value ? signatureTemplate(this.value, name) : html`<p class="muted">${T.signature.none}</p>`;
    }
    const problem = this.failed ? T.signature.tooLong : this.problem;
    return html`<div class="signature" role="group" aria-label=${name} aria-describedby=${this.screenOnly ? nothing : `${this.partId}-note`}>
      ${this.bare ? nothing : html`<p class="field-label">${this.label}${this.signer ? html`<span class="muted">（${this.signer}）</span>` : nothing}</p>`}
      ${problem ? html`<p class="field-problem">${icon("circle-alert")}${problem}</p>` : nothing}
      <div class="signature-area" data-bad=${problem ? "yes" : nothing}>
        ${this.shown ? signatureTemplate(this.value, name) : html`<canvas class="signature-canvas"></canvas>`}
        ${this.value ? nothing : html`<span class="signature-hint" aria-hidden="true">${icon("signature")}${T.signature.hint}</span>`}
      </div>
      <div class="spread">
        ${this.screenOnly ? nothing : html`<p class="field-help" id="${this.partId}-note">${T.signature.note}</p>`}
        ${this.value ? this.tools() : nothing}
      </div>
    </div>`;
  }

  tools() {
    const undo = html`<button class="btn btn-quiet" type="button" @click=${this.undo}>${icon("undo-2")}${T.signature.undo}</button>`;
    return html`<div class="cluster">${this.drawn ? undo : nothing}
      <button class="btn btn-quiet" type="button" @click=${this.redo}>${icon("eraser")}${T.signature.redo}</button></div>`;
  }

  /** True when a given value is shown instead of the pad. */
  get shown() {
    return Boolean(this.value) && !this.drawn;
  }

  updated() {
    const canvas = this.querySelector("canvas");
    if (!canvas) this.letGo();
    else if (!this.pad) this.take(canvas);
  }

  /** @param {HTMLCanvasElement} canvas */
  take(canvas) {
    this.canvas = canvas;
    this.pad = new SignaturePad(canvas, { penColor: "#14181c", minWidth: 0.9, maxWidth: 2.4, minDistance: 2 });
    this.pad.addEventListener("endStroke", () => this.read());
    this.watcher.observe(canvas);
    this.fit();
  }

  letGo() {
    this.watcher.disconnect();
    this.pad?.off();
    this.pad = this.canvas = null;
  }

  /** Fits the canvas to its box; ink that would be lost by that is shown as the image of its value. */
  fit() {
    const { canvas } = this;
    if (!canvas?.clientWidth) return;
    const ratio = Math.max(devicePixelRatio || 1, 1);
    const [w, h] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width === w && canvas.height === h) return;
    canvas.width = w;
    canvas.height = h;
    canvas.getContext("2d")?.scale(ratio, ratio);
    this.pad?.clear();
    this.drawn = false;
  }

  /** Reads the ink and tells the page. */
  read() {
    const { canvas } = this;
    if (!this.pad || !canvas) return;
    const strokes = this.pad.toData().map((group) => group.points);
    const value = strokes.length ? signatureString(strokes, canvas.clientWidth, canvas.clientHeight) : null;
    this.failed = strokes.length > 0 && value === null;
    this.drawn = strokes.length > 0;
    this.put(value);
  }

  /** @param {string | null} value */
  put(value) {
    this.value = value;
    this.emit("cd-sign", { value });
  }

  undo() {
    const data = this.pad?.toData() ?? [];
    this.pad?.fromData(data.slice(0, -1));
    this.read();
  }

  redo() {
    this.pad?.clear();
    this.drawn = this.failed = false;
    this.put(null);
  }
}

define("cd-signature", CdSignature);
