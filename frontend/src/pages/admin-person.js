// Why it exists: one person's name, account, posts and password; a shared password is no password, so each gets their own.
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { app } from "../lib/app.js";
import { newId } from "../lib/ids.js";
import { toast } from "../parts/cd-toast.js";
import { Part } from "../parts/part.js";
import { formProblems, saveRecord } from "./admin-save.js";
import { session } from "./session.js";
import "./admin-posts.js";

/** @typedef {import("./session.js").Doc} Doc */
/** @typedef {import("../parts/types.js").Problem} Problem */

const SHORTEST = 8;
const NAMES = ["name", "username", "title", "active"];

/** Dialog for a person, a new one without `person`; emits `cd-close`. */
export class AdminPerson extends Part {
  static properties = {
    person: { attribute: false },
    open: { type: Boolean },
    branches: { attribute: false },
    staff: { attribute: false },
    doc: { state: true },
    problems: { state: true },
    password: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc | null} */
    this.person = null;
    this.open = this.busy = false;
    /** @type {Doc[]} */
    this.branches = [];
    /** @type {Doc[]} */
    this.staff = [];
    /** @type {Doc} */
    this.doc = {};
    /** @type {Problem[]} */
    this.problems = [];
    this.password = "";
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("open") || !this.open) return;
    const fresh = { id: newId(), active: true, posts: [{ branch: this.branches[0]?.code ?? "*", role: "sales_consultant" }] };
    Object.assign(this, { doc: structuredClone(this.person ?? fresh), problems: [], password: "" });
  }

  render() {
    const actions = html`<button class="btn btn-primary btn-large" type="button" ?disabled=${this.busy} @click=${() => this.store()}>${this.busy ? "正在保存…" : "保存"}</button>`;
    return html`<cd-dialog wide .open=${this.open} .heading=${this.person ? this.person.name : "新增员工"} .body=${this.open ? this.body() : nothing} .actions=${actions}
      @cd-close=${() => this.emit("cd-close")}></cd-dialog>`;
  }

  body() {
    const change = (/** @type {CustomEvent<{doc: Doc}>} */ { detail }) => (this.doc = { ...detail.doc, id: this.doc.id, posts: this.doc.posts });
    const posts = this.problems.find(({ field }) => field.split(".")[0] === "posts");
    return html`<div class="stack">
      <cd-form .schema=${session.schema} record="staff" .names=${NAMES} .value=${this.doc} .problems=${this.problems.filter(({ field }) => !field.startsWith("posts"))} columns="2"
        .labels=${{ username: "账号（登录用）" }} @cd-change=${change} @cd-submit=${() => this.store()}></cd-form>
      <admin-posts .posts=${this.doc.posts ?? []} .branches=${this.branches} .problem=${posts ? "请至少留一个岗位，并选好门店和岗位。" : ""}
        @cd-posts=${(/** @type {CustomEvent<{posts: Doc[]}>} */ { detail }) => (this.doc = { ...this.doc, posts: detail.posts })}></admin-posts>
      ${this.passwordField()}</div>`;
  }

  passwordField() {
    const problem = this.problems.find(({ field }) => field === "password")?.message;
    const help = this.person ? "留空则不变；改后此人在所有平板上要重新登录。" : "设好后当面告诉本人；不设则暂时不能登录。";
    return html`<div class="field" data-bad=${problem ? "yes" : nothing}><label class="field-label" for="person-password">${this.person ? "新密码" : "密码"}</label>
      <p class="field-help" id="person-password-help">至少 ${SHORTEST} 个字符。${help}</p>
      ${problem ? html`<p class="field-problem" role="alert"><cd-icon name="circle-alert"></cd-icon>${problem}</p>` : nothing}
      <div class="input-wrap" data-width="m"><input class="input" id="person-password" type="password" autocomplete="new-password" aria-describedby="person-password-help" .value=${this.password}
        @input=${(/** @type {Event & {target: HTMLInputElement}} */ { target }) => (this.password = target.value)} /></div></div>`;
  }

  /** @returns {Problem[]} what only this page can see */
  own() {
    const found = [];
    const taken = this.staff.some(({ id, username }) => id !== this.doc.id && username === this.doc.username);
    if (taken) found.push({ field: "username", code: "op.exists", message: "这个账号已有人用，请换一个。" });
    if (this.password && [...this.password].length < SHORTEST) found.push({ field: "password", code: "field.format", message: `密码至少 ${SHORTEST} 个字符。` });
    return found;
  }

  async store() {
    this.problems = this.own();
    if (this.problems.length) return;
    this.busy = true;
    try {
      await saveRecord("staff", this.person, this.doc, `员工 ${this.doc.name}`);
      this.person = structuredClone(this.doc);
      if (this.password) await this.setPassword();
      this.emit("cd-close");
    } catch (error) {
      this.problems = formProblems(error);
    } finally {
      this.busy = false;
    }
  }

  /** The account needs the person to be on the server first. */
  async setPassword() {
    await app.sync_now();
    try {
      await api.post("/accounts", { staff_id: this.doc.id, password: this.password });
      toast(`${this.doc.name} 的密码已设好。`, { level: "done" });
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      const words = code === "not_found" ? "员工资料还没传到服务器，请联网同步后再设密码。" : wordsOf(error);
      throw { problems: [{ field: "password", code, message: words }] };
    }
  }
}

customElements.define("admin-person", AdminPerson);
