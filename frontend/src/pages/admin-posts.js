// Why it exists: one person may hold several posts in several branches; each is a pair of place and post.
import { html, nothing } from "../../vendor/lit.js";
import { icon } from "../parts/cd-icon.js";
import { Part } from "../parts/part.js";
import { session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** Rows of place and post; emits `cd-posts` {posts}. */
export class AdminPosts extends Part {
  static properties = { posts: { attribute: false }, branches: { attribute: false }, problem: {} };

  constructor() {
    super();
    /** @type {Doc[]} */
    this.posts = [];
    /** @type {Doc[]} */
    this.branches = [];
    this.problem = "";
  }

  /** Posts that fit a place: those of the group only at head office. @param {string} place @returns {Doc[]} */
  rolesFor(place) {
    const items = /** @type {Doc[]} */ (session.schema?.lists.role.items ?? []);
    return items.filter(({ group }) => Boolean(group) === (place === "*"));
  }

  render() {
    return html`<fieldset class="field" data-bad=${this.problem ? "yes" : nothing}><legend class="field-label">岗位<span class="field-must" aria-hidden="true">*</span></legend>
      ${this.problem ? html`<p class="field-problem" role="alert"><cd-icon name="circle-alert"></cd-icon>${this.problem}</p>` : nothing}
      <div class="stack-s">${this.posts.map((post, at) => this.row(post, at))}
        <button class="btn" type="button" @click=${() => this.put([...this.posts, { branch: this.branches[0]?.code ?? "*", role: "sales_consultant" }])}><cd-icon name="plus"></cd-icon>再加一个岗位</button></div></fieldset>`;
  }

  /** @param {Doc} post @param {number} at */
  row(post, at) {
    const set = (/** @type {Doc} */ change) => this.put(this.posts.map((one, i) => (i === at ? { ...one, ...change } : one)));
    const move = (/** @type {string} */ branch) => {
      const fits = this.rolesFor(branch).some(({ code }) => code === post.role);
      set({ branch, role: fits ? post.role : this.rolesFor(branch)[0]?.code });
    };
    const places = [{ code: "*", name: "总部" }, ...this.branches];
    return html`<div class="post-row">
      ${choice(`第 ${at + 1} 个岗位的门店`, places.map(({ code, name }) => [code, name]), post.branch, move)}
      ${choice(`第 ${at + 1} 个岗位`, this.rolesFor(post.branch).map(({ code, label }) => [code, label]), post.role, (role) => set({ role }))}
      <button class="btn-icon" type="button" aria-label="去掉第 ${at + 1} 个岗位" ?disabled=${this.posts.length < 2} @click=${() => this.put(this.posts.filter((_, i) => i !== at))}><cd-icon name="trash-2"></cd-icon></button></div>`;
  }

  /** @param {Doc[]} posts */
  put(posts) {
    this.posts = posts;
    this.emit("cd-posts", { posts });
  }
}

/** @param {string} name @param {string[][]} options @param {string} value @param {(value: string) => void} put */
const choice = (name, options, value, put) => html`<span class="select-wrap"><select class="input" aria-label=${name} @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) => put(target.value)}>
  ${options.map(([code, text]) => html`<option value=${code ?? ""} ?selected=${code === value}>${text}</option>`)}</select>${icon("chevron-down")}</span>`;

customElements.define("admin-posts", AdminPosts);
