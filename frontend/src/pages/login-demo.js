// Why it exists: a demo group offers its invented people, so that everybody can look round in every role.
import { html, nothing } from "../../vendor/lit.js";
import { api } from "../lib/api.js";
import { define, Part } from "../parts/part.js";
import { grouped } from "./group.js";
import { label, session } from "./session.js";

/** @typedef {{username: string, password: string, name: string, branch: string, roles: string[]}} Account */

/** The demo group's accounts; nothing where there are none. Emits `cd-unlock`. */
export class LoginDemo extends Part {
  static properties = { accounts: { state: true }, busy: { type: Boolean } };

  constructor() {
    super();
    /** @type {Account[]} */
    this.accounts = [];
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    void this.offer();
  }

  async offer() {
    const found = await api.get("/demo/accounts").catch(() => []);
    this.accounts = Array.isArray(found) ? found : [];
  }

  render() {
    if (!this.accounts.length) return nothing;
    const roles = /** @type {any[]} */ (session.schema?.lists?.role?.items ?? []).map((item) => item.code);
    const rank = (/** @type {Account} */ account) => roles.indexOf(account.roles[0] ?? "");
    const sorted = [...this.accounts].sort((a, b) => a.branch.localeCompare(b.branch) || rank(a) - rank(b) || a.username.localeCompare(b.username));
    return html`<details class="fold demo-accounts" open><summary>演示账号（点一下就登录）</summary>
      ${[...grouped(sorted, (account) => account.branch || "*")].map(([place, list]) => html`<section aria-label=${place}>
        <h2 class="t-13 muted">${place === "*" ? "总部" : place}</h2>
        <div class="demo-list">${list.map((account) => this.account(account))}</div>
      </section>`)}</details>`;
  }

  /** @param {Account} account */
  account({ username, password, name, roles }) {
    return html`<button class="demo-account" type="button" ?disabled=${this.busy}
      @click=${() => this.emit("cd-unlock", { username, password })}><b>${name}</b><small>${roles.map((code) => label("role", code)).join("、")}</small></button>`;
  }
}

define("login-demo", LoginDemo);
