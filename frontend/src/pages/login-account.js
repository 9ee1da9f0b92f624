// Why it exists: account and password, and the one-time code that enrols a new tablet when the server asks for it.
import { html, nothing } from "../../vendor/lit.js";
import { define, Part } from "../parts/part.js";

/** Emits `cd-unlock` with `{username, password, code?}`, `cd-other` to go back to those who are known here. */
export class LoginAccount extends Part {
  static properties = { message: { attribute: false }, busy: { type: Boolean }, back: { type: Boolean }, code: { type: Boolean }, missing: { state: true } };

  constructor() {
    super();
    /** @type {unknown} */
    this.message = nothing;
    this.busy = this.back = this.code = false;
    this.missing = "";
  }

  firstUpdated() {
    this.field("username")?.focus();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (changed.has("code") && this.code) this.field("code")?.focus();
    else if (changed.has("message") && this.message !== nothing) this.field("password")?.select();
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  field(name) {
    return this.querySelector(`input[name=${name}]`);
  }

  render() {
    const code = html`<div class="field"><label class="field-label" for="login-code">登记码</label>
      <p class="field-help" id="login-code-help">8 位数字，由主管在「平板」里生成，15 分钟内有效。</p>
      <input class="input num" id="login-code" name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="login-code-help" /></div>`;
    return html`<form class="stack login-form" novalidate @submit=${this.submit}>
      ${this.message}
      ${this.missing ? html`<p class="field-problem" role="alert"><cd-icon name="circle-alert"></cd-icon>${this.missing}</p>` : nothing}
      <div class="field"><label class="field-label" for="login-name">账号</label>
        <input class="input" id="login-name" name="username" autocomplete="off" autocapitalize="off" spellcheck="false" required /></div>
      <div class="field"><label class="field-label" for="login-password">密码</label>
        <input class="input" id="login-password" name="password" type="password" autocomplete="off" required /></div>
      ${this.code ? code : nothing}
      <button class="btn btn-primary btn-large btn-block" ?disabled=${this.busy}>${this.busy ? "正在登录…" : "登录"}</button>
      ${this.back ? html`<button class="btn btn-block" type="button" @click=${() => this.emit("cd-other")}>返回选择使用人</button>` : nothing}
    </form>`;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const [username, password, code] = ["username", "password", "code"].map((name) => this.field(name)?.value.trim() ?? "");
    this.missing = username && password ? "" : "请填写账号和密码。";
    if (this.missing) this.field(username ? "password" : "username")?.focus();
    else this.emit("cd-unlock", { username, password: this.field("password")?.value, ...(code ? { code: code.replaceAll(/\s/g, "") } : {}) });
  }
}

define("login-account", LoginAccount);
