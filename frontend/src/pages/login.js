// Why it exists: a shared tablet knows who is working; whoever signed in here before unlocks without network.
import { html, nothing } from "../../vendor/lit.js";
import { api } from "../lib/api.js";
import { app } from "../lib/app.js";
import { navigate } from "../lib/router.js";
import { Part } from "../parts/part.js";
import { banner } from "./bits.js";
import { grouped } from "./group.js";
import { readSession, session } from "./session.js";

const OFFLINE = "现在没有网络：在这台平板上登录过的人可以照常解锁，第一次登录要联网。";

/** @typedef {{username: string, password: string, name: string, branch: string, roles: string[]}} Account */

/** Sign-in; in a demo group the accounts are offered. */
export class PageLogin extends Part {
  static properties = {
    query: { attribute: false },
    accounts: { state: true },
    message: { state: true },
    busy: { state: true },
    online: { state: true },
  };

  constructor() {
    super();
    /** @type {Record<string, string>} */
    this.query = {};
    /** @type {Account[]} */
    this.accounts = [];
    this.message = "";
    this.busy = false;
    this.online = navigator.onLine;
    this.seen = () => (this.online = navigator.onLine);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("online", this.seen);
    addEventListener("offline", this.seen);
    void this.offer();
  }

  disconnectedCallback() {
    removeEventListener("online", this.seen);
    removeEventListener("offline", this.seen);
    super.disconnectedCallback();
  }

  async offer() {
    const found = await api.get("/demo/accounts").catch(() => []);
    this.accounts = Array.isArray(found) ? found : [];
  }

  firstUpdated() {
    const [only, ...others] = session.state?.people ?? [];
    const name = this.field("username");
    if (name && only && !others.length) name.value = only.username;
    (name?.value ? this.field("password") : name)?.focus();
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  field(name) {
    return this.querySelector(`input[name=${name}]`);
  }

  render() {
    return html`<div class="login-card stack">
      <div class="login-head"><h1 class="t-28">车档</h1><p class="muted">一车一档，回访与投诉都在这里</p></div>
      ${this.online ? nothing : banner({ level: "soon", icon: "wifi-off", text: OFFLINE, role: "status" })}
      <form class="stack login-form" novalidate @submit=${this.submit}>
        ${this.message ? banner({ level: "late", icon: "circle-alert", text: this.message, role: "alert" }) : nothing}
        <div class="field"><label class="field-label" for="login-name">账号</label>
          <input class="input" id="login-name" name="username" autocomplete="username" autocapitalize="off"
            spellcheck="false" required /></div>
        <div class="field"><label class="field-label" for="login-password">密码</label>
          <input class="input" id="login-password" name="password" type="password"
            autocomplete="current-password" required /></div>
        <button class="btn btn-primary btn-large btn-block" ?disabled=${this.busy}>${this.busy ? "正在登录…" : "登录"}</button>
      </form>
      ${this.accounts.length ? this.demo() : nothing}
    </div>`;
  }

  demo() {
    const roles = /** @type {any[]} */ (session.schema?.lists?.role?.items ?? []).map((item) => item.code);
    const rank = (/** @type {Account} */ account) => roles.indexOf(account.roles[0] ?? "");
    const sorted = [...this.accounts].sort((a, b) => a.branch.localeCompare(b.branch) || rank(a) - rank(b) || a.username.localeCompare(b.username));
    return html`<details class="fold demo-accounts" open><summary>演示账号（点一下就登录）</summary>
      ${[...grouped(sorted, (account) => account.branch || "*")].map(([place, list]) => html`<section aria-label=${place}>
        <h2 class="t-13 muted">${this.placeName(place)}</h2>
        <div class="demo-list">${list.map((account) => html`<button class="demo-account" type="button" ?disabled=${this.busy}
          @click=${() => this.enter(account.username, account.password)}><b>${account.name}</b><small>${this.titles(account.roles)}</small></button>`)}</div>
      </section>`)}</details>`;
  }

  /** @param {string} place branch code or name */
  placeName(place) {
    return place === "*" ? "总部" : (session.branches.find((doc) => doc.code === place)?.name ?? place);
  }

  /** @param {string[]} codes */
  titles(codes) {
    const items = /** @type {any[]} */ (session.schema?.lists?.role?.items ?? []);
    return codes.map((code) => items.find((item) => item.code === code)?.label ?? code).join("、");
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const username = this.field("username")?.value.trim() ?? "";
    const password = this.field("password")?.value ?? "";
    if (username && password) void this.enter(username, password);
    else this.refuse("请填写账号和密码。", username ? "password" : "username");
  }

  /** @param {string} message @param {string} name the field to go to */
  refuse(message, name) {
    this.message = message;
    this.field(name)?.focus();
  }

  /** @param {string} username @param {string} password */
  async enter(username, password) {
    Object.assign(this, { busy: true, message: "" });
    try {
      await app.login({ username, password });
      await readSession();
      await navigate(this.query.next || "/today", { replace: true });
    } catch (error) {
      this.refuse(wordsOf(error), "password");
    } finally {
      this.busy = false;
    }
  }
}

/** @param {any} error {code, message} @returns {string} what happened and what to do */
function wordsOf(error) {
  return error.message || "没能登录，请再试一次。";
}

customElements.define("page-login", PageLogin);
