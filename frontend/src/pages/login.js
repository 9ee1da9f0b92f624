// Why it exists: the door of a shared tablet: whoever worked here before unlocks with PIN or password, also without
// network; everybody else signs in with an account.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { beginPractice } from "../lib/practice.js";
import { navigate } from "../lib/router.js";
import { Part } from "../parts/part.js";
import { banner } from "./bits.js";
import "./login-account.js";
import "./login-demo.js";
import "./login-person.js";
import { me, onNews, readSession, session } from "./session.js";

const OFFLINE = "现在没有网络：在这台平板上登录过的人可以照常解锁，第一次登录要联网。";

/** @typedef {{id: string, name: string, username: string, pin: boolean}} Known */

/** Sign-in and lock screen. Address: `/login[?next=<path>][&for=<who locked it>]`. */
export class PageLogin extends Part {
  static properties = {
    query: { attribute: false },
    view: { state: true },
    chosen: { state: true },
    message: { state: true },
    problem: { state: true },
    busy: { state: true },
    online: { state: true },
  };

  constructor() {
    super();
    /** @type {Record<string, string>} */
    this.query = {};
    /** @type {"people" | "person" | "account"} */
    this.view = "account";
    this.chosen = this.message = this.problem = "";
    this.busy = false;
    this.online = navigator.onLine;
    this.seen = () => (this.online = navigator.onLine);
    this.stop = () => {};
  }

  /** @returns {Known[]} who can unlock here without network */
  get people() {
    return session.state?.vault.people ?? [];
  }

  connectedCallback() {
    super.connectedCallback();
    for (const type of ["online", "offline"]) addEventListener(type, this.seen);
    this.stop = onNews(() => this.requestUpdate());
  }

  disconnectedCallback() {
    for (const type of ["online", "offline"]) removeEventListener(type, this.seen);
    this.stop();
    super.disconnectedCallback();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("query")) return;
    const wanted = this.query.for ?? me()?.id;
    const last = this.people.find(({ id }) => id === wanted) ?? (this.people.length === 1 ? this.people[0] : null);
    this.choose(last ?? null);
  }

  /** @param {Known | null} person */
  choose(person) {
    this.message = this.problem = "";
    this.chosen = person?.id ?? "";
    this.view = person ? "person" : this.people.length ? "people" : "account";
  }

  render() {
    const person = this.people.find(({ id }) => id === this.chosen);
    const say = this.message ? banner({ level: "late", icon: "circle-alert", text: this.message, role: "alert" }) : nothing;
    const known = this.people.length > 0;
    const heading = !known ? "车档" : session.state?.session ? "登录已过期" : "车档已锁定";
    return html`<div class="login-card stack">
      <div class="login-head"><span class="app-mark" aria-hidden="true">档</span><h1 class="t-22">${heading}</h1>
        <p class="muted">${known ? "没上传的内容都在本机，解锁后接着做。" : "一车一档，回访与投诉都在这里"}</p></div>
      ${this.online ? nothing : banner({ level: "soon", icon: "wifi-off", text: OFFLINE, role: "status" })}
      ${this.view === "people" ? this.choice(say) : nothing}
      ${this.view === "person" && person ? html`<login-person .person=${person} .message=${say} .busy=${this.busy}
        @cd-unlock=${(/** @type {CustomEvent} */ event) => this.enter(event.detail)} @cd-other=${() => this.other()}></login-person>` : nothing}
      ${this.view === "account" ? html`<login-account .message=${say} .busy=${this.busy} .back=${known} .code=${this.problem.startsWith("auth.enrol")}
        @cd-unlock=${(/** @type {CustomEvent} */ event) => this.enter(event.detail)} @cd-other=${() => this.choose(null)}></login-account>` : nothing}
      <button class="btn btn-quiet btn-block" type="button" @click=${beginPractice}><cd-icon name="graduation-cap"></cd-icon>先练习一下</button>
      ${this.view === "account" ? html`<login-demo .busy=${this.busy} @cd-unlock=${(/** @type {CustomEvent} */ event) => this.enter(event.detail)}></login-demo>` : nothing}
    </div>`;
  }

  /** @param {unknown} say */
  choice(say) {
    return html`<section class="stack" aria-label="选择使用人">${say}
      <ul class="list login-people">${this.people.map((person) => html`<li><button class="login-name" type="button" @click=${() => this.choose(person)}>
        <cd-icon name="circle-user"></cd-icon><b class="grow truncate">${person.name}</b>${person.pin ? html`<span class="muted t-14">PIN</span>` : nothing}<cd-icon name="chevron-right"></cd-icon></button></li>`)}</ul>
      <button class="btn btn-block" type="button" @click=${() => this.account()}>其他账号登录</button></section>`;
  }

  /** From one person to the others, or to an account when there are none. */
  other() {
    if (this.people.length > 1) this.choose(null);
    else this.account();
  }

  account() {
    Object.assign(this, { view: "account", chosen: "", message: "", problem: "" });
  }

  /** @param {{username?: string, password?: string, code?: string, id?: string, pin?: string}} given */
  async enter(given) {
    Object.assign(this, { busy: true, message: "" });
    try {
      if (given.pin) await app.unlock(/** @type {any} */ (given));
      else await app.login(/** @type {any} */ (given));
      await readSession();
      const sameHand = !this.query.for || this.query.for === me()?.id;
      await navigate((sameHand && this.query.next) || "/", { replace: true });
    } catch (error) {
      this.refuse(/** @type {any} */ (error));
    } finally {
      this.busy = false;
    }
  }

  /** @param {{code?: string, message?: string}} error what happened and what to do */
  refuse(error) {
    this.problem = error.code ?? "";
    this.message = error.message || "没能登录，请再试一次。";
    if (this.problem === "app.pin_gone") void readSession();
    if (this.problem.startsWith("auth.enrol") && this.view !== "account") this.view = "account";
  }
}

customElements.define("page-login", PageLogin);
