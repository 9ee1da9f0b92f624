// Why it exists: a new tablet comes in with a code that is read off this screen once and is worth nothing a quarter of an
// hour later (TRUST, Enrolment).
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { clockText } from "../lib/format.js";
import { icon } from "../parts/cd-icon.js";
import { Part } from "../parts/part.js";

/** @typedef {import("./session.js").Doc} Doc */

const SECOND_MS = 1000;
const LONGEST_NAME = 60;

/** Asks for branch and name, then shows the code with the time that is left; emits `cd-close`. */
export class AdminEnrol extends Part {
  static properties = {
    open: { type: Boolean },
    branches: { attribute: false },
    branch: { state: true },
    code: { state: true },
    left: { state: true },
    message: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.open = this.busy = false;
    /** @type {Doc[]} */
    this.branches = [];
    this.branch = this.message = "";
    /** @type {{code: string, valid_s: number, name: string} | null} */
    this.code = null;
    this.left = 0;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("open")) return;
    clearInterval(this.timer);
    Object.assign(this, { code: null, message: "", branch: this.branches[0]?.code ?? "" });
  }

  render() {
    const body = !this.open ? nothing : this.code ? this.shown(this.code) : this.asked();
    const make = html`<button class="btn btn-primary btn-large" type="button" ?disabled=${this.busy} @click=${() => this.make()}>${this.busy ? "正在生成…" : "生成登记码"}</button>`;
    const again = html`<button class="btn btn-large" type="button" @click=${() => (this.code = null)}>再生成一个</button>`;
    return html`<cd-dialog .open=${this.open} heading="登记新平板" .body=${body} .actions=${this.code ? again : make} @cd-close=${() => this.emit("cd-close")}></cd-dialog>`;
  }

  asked() {
    const choose = (/** @type {Event & {target: HTMLSelectElement}} */ { target }) => (this.branch = target.value);
    const typed = (/** @type {KeyboardEvent} */ { key }) => key === "Enter" && void this.make();
    return html`<div class="stack">
      <p class="muted">平板放在哪家店、叫什么名字，以后在列表里就这样显示。</p>
      ${this.message ? html`<p class="field-problem" role="alert"><cd-icon name="circle-alert"></cd-icon>${this.message}</p>` : nothing}
      <div class="field"><label class="field-label" for="enrol-branch">门店</label>
        <div class="select-wrap"><select class="input" id="enrol-branch" @change=${choose}>${this.branches.map(({ code, name }) => html`<option value=${code} ?selected=${code === this.branch}>${name}</option>`)}</select>${icon("chevron-down")}</div></div>
      <div class="field"><label class="field-label" for="enrol-name">平板名称</label>
        <p class="field-help" id="enrol-name-help">按摆放的位置起名，比如「前台平板 2」。</p>
        <input class="input" id="enrol-name" maxlength=${LONGEST_NAME} autocomplete="off" aria-describedby="enrol-name-help" @keydown=${typed} /></div></div>`;
  }

  /** @param {{code: string, name: string}} given */
  shown({ code, name }) {
    const gone = this.left <= 0;
    return html`<div class="stack enrol">
      <p>在「${name}」的登录页输入账号和密码，再输入这个登记码：</p>
      <p class="enrol-code num" aria-label=${[...code].join(" ")} ?data-gone=${gone}>${code.slice(0, 4)}<span>${code.slice(4)}</span></p>
      <p class=${gone ? "sign late" : "sign muted"} role="status"><cd-icon name=${gone ? "circle-alert" : "timer"}></cd-icon>${gone ? "已过期，请再生成一个。" : html`<span><span class="figures">${clockText(this.left)}</span> 后失效，只能用一次</span>`}</p></div>`;
  }

  async make() {
    const input = /** @type {HTMLInputElement} */ (this.querySelector("#enrol-name"));
    const name = input.value.trim();
    if (!name) {
      this.message = "请填写平板名称。";
      input.focus();
      return;
    }
    this.busy = true;
    try {
      this.code = { ...(await api.post("/devices/codes", { branch: this.branch, name })), name };
      this.message = "";
      this.count();
    } catch (error) {
      this.message = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** Counts down by this tablet's clock from when the code came, so that a wrong clock shows the right time left. */
  count() {
    const end = Date.now() + SECOND_MS * (this.code?.valid_s ?? 0);
    const tick = () => {
      this.left = end - Date.now();
      if (this.left <= 0) clearInterval(this.timer);
    };
    clearInterval(this.timer);
    tick();
    this.timer = setInterval(tick, SECOND_MS);
  }
}

customElements.define("admin-enrol", AdminEnrol);
