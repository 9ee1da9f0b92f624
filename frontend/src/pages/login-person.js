// Why it exists: one known person unlocks: by PIN while this tablet remembers it, by password always.
import { html, nothing } from "../../vendor/lit.js";
import "../parts/cd-pin.js";
import { define, Part } from "../parts/part.js";

/** Emits `cd-unlock` with `{id, pin}` or `{username, password}`, `cd-other` for somebody else. */
export class LoginPerson extends Part {
  static properties = { person: { attribute: false }, message: { attribute: false }, busy: { type: Boolean }, typing: { state: true } };

  constructor() {
    super();
    /** @type {import("./login.js").Known} */
    this.person = { id: "", name: "", username: "", pin: false };
    /** @type {unknown} */
    this.message = nothing;
    this.busy = false;
    /** the password is asked for although a PIN would do */
    this.typing = false;
  }

  get byPin() {
    return this.person.pin && !this.typing;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    const said = changed.has("message") && this.message !== nothing;
    if (!said && !changed.has("person") && !changed.has("typing")) return;
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector("input"));
    if (field) field.select();
    else /** @type {HTMLElement | null} */ (this.querySelector("cd-pin"))?.focus();
  }

  render() {
    const { name } = this.person;
    return html`<section class="stack login-form" aria-label=${`${name}解锁`}>
      <p class="login-who"><cd-icon name="circle-user"></cd-icon><b class="truncate">${name}</b></p>
      ${this.message}
      ${this.byPin ? html`<cd-pin label="输入 6 位 PIN" .busy=${this.busy} @cd-pin=${(/** @type {CustomEvent} */ event) => this.emit("cd-unlock", { id: this.person.id, ...event.detail })}></cd-pin>
        <button class="btn btn-block" type="button" @click=${() => (this.typing = true)}>改用密码</button>` : this.password()}
      <button class="btn btn-quiet btn-block" type="button" @click=${() => this.emit("cd-other")}><cd-icon name="arrow-right-left"></cd-icon>换人</button>
    </section>`;
  }

  password() {
    return html`<form class="stack" novalidate @submit=${this.submit}>
      <div class="field"><label class="field-label" for="unlock-password">密码</label>
        <input class="input" id="unlock-password" name="password" type="password" autocomplete="off" required /></div>
      <button class="btn btn-primary btn-large btn-block" ?disabled=${this.busy}>${this.busy ? "正在解锁…" : "解锁"}</button>
    </form>`;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const password = this.querySelector("input")?.value ?? "";
    if (password) this.emit("cd-unlock", { username: this.person.username, password });
    else this.querySelector("input")?.focus();
  }
}

define("login-person", LoginPerson);
