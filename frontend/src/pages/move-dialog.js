// Why it exists: a manager hands a vehicle with its whole file to another branch; only with network, since the file leaves
// this tablet (SYNC.md, Scope change).
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { app } from "../lib/app.js";
import { Part } from "../parts/part.js";
import { toast } from "../parts/cd-toast.js";
import { roles, session } from "./session.js";

/** May this person hand files over? @returns {boolean} */
export const mayMove = () => {
  const allowed = session.schema?.ops["vehicle.move"]?.roles ?? [];
  return session.branches.filter((branch) => branch.active).length > 1 && roles().some((role) => allowed.includes(role));
};

/** Asks where to and why; emits `cd-close`, and `cd-moved` when the file has left. */
export class MoveDialog extends Part {
  static properties = {
    vehicle: { attribute: false },
    open: { type: Boolean },
    to: { state: true },
    reason: { state: true },
    message: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {import("./session.js").Doc} */
    this.vehicle = {};
    this.open = this.busy = false;
    this.to = this.reason = this.message = "";
  }

  render() {
    const others = session.branches.filter(({ code, active }) => active && code !== session.state?.branch);
    const choice = (/** @type {import("./session.js").Doc} */ { code, name }) => html`<button class="chip" type="button"
      aria-pressed=${this.to === code} @click=${() => (this.to = code)}>${name}</button>`;
    const typed = (/** @type {Event & {target: HTMLTextAreaElement}} */ event) => (this.reason = event.target.value);
    const body = html`<div class="stack">
      <p>整份车档（客户、来店、回访、投诉）会转到对方门店，本店的平板上不再显示；还没上传的内容会自动跟过去。</p>
      <div class="field"><span class="field-label" id="move-to">转到哪家店</span>
        <div class="cluster" role="group" aria-labelledby="move-to">${others.map(choice)}</div></div>
      <div class="field"><label class="field-label" for="move-reason">原因</label>
        <textarea class="input" autocomplete="off" id="move-reason" rows="2" maxlength="200" .value=${this.reason} @input=${typed}></textarea></div>
      ${this.message ? html`<p class="late" role="alert">${this.message}</p>` : nothing}</div>`;
    const ready = this.to && this.reason.trim() && !this.busy;
    const actions = html`<button class="btn btn-primary btn-large" ?disabled=${!ready} @click=${() => this.move()}>
      ${this.busy ? "正在转…" : "转过去"}</button>`;
    return html`<cd-dialog heading="转到其他门店" .open=${this.open} .body=${body} .actions=${actions}></cd-dialog>`;
  }

  async move() {
    this.busy = true;
    try {
      await api.post(`/vehicles/${this.vehicle.id}/move`, { to: this.to, reason: this.reason.trim() });
      this.emit("cd-moved");
      toast("这份车档已转到对方门店。", { level: "done" });
      await app.sync_now();
    } catch (error) {
      this.message = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("move-dialog", MoveDialog);
