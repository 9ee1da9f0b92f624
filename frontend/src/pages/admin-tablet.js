// Why it exists: one tablet: what it is, what was done about it and by whom, and the three things that can be done.
import { html, nothing } from "../../vendor/lit.js";
import { api, wordsOf } from "../lib/api.js";
import { instantText } from "../lib/format.js";
import { toast } from "../parts/cd-toast.js";
import { Part } from "../parts/part.js";
import { factList } from "./bits.js";
import { STATES, storageText, unsent, WAYS, whatText } from "./tablet-words.js";

/** @typedef {import("./session.js").Doc} Doc a row of GET /devices */

const SHORTEST = 2;

/** Dialog for `tablet`; emits `cd-changed` after something was done, and `cd-close`. */
export class AdminTablet extends Part {
  static properties = {
    tablet: { attribute: false },
    branches: { attribute: false },
    way: { state: true },
    message: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc | null} null: closed */
    this.tablet = null;
    /** @type {Doc[]} */
    this.branches = [];
    /** @type {"soft" | "hard" | "name" | null} what is being asked */
    this.way = null;
    this.message = "";
    this.busy = false;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {Doc | null | undefined} */ (changed.get("tablet"));
    if (changed.has("tablet") && before?.id !== this.tablet?.id) Object.assign(this, { way: null, message: "" });
  }

  render() {
    const { tablet } = this;
    const body = !tablet ? nothing : this.way ? this.asking(tablet, this.way) : this.facts(tablet);
    return html`<cd-dialog .open=${tablet !== null} .heading=${tablet?.name ?? ""} .body=${body} .actions=${tablet?.may ? this.actions(tablet) : null}
      @cd-close=${() => this.emit("cd-close")}></cd-dialog>`;
  }

  /** @param {Doc} tablet */
  facts(tablet) {
    const branch = this.branches.find(({ code }) => code === tablet.branch);
    return html`<div class="stack">${factList([
      ["状态", STATES[tablet.state]?.[0] ?? tablet.state],
      ["门店", branch?.name ?? tablet.branch ?? "总部"],
      ["最近使用", tablet.who ?? "还没有人同步过"],
      ["最后联网", instantText(tablet.seen_at)],
      ["待上传", unsent(tablet) || "没有"],
      ["应用版本", tablet.version],
      ["本机存储", storageText(tablet.storage)],
      ["编号", html`<span class="num">${tablet.id}</span>`],
    ])}
    ${tablet.log.length ? html`<section class="stack-s"><h3 class="section-title">记录</h3><ul class="tablet-log">${tablet.log.map((/** @type {Doc} */ entry) => this.logged(entry))}</ul></section>` : nothing}</div>`;
  }

  /** @param {Doc} entry */
  logged({ at, what, who, reason }) {
    return html`<li><span class="num muted">${instantText(at)}</span><span>${whatText(what)}${who ? `（${who}）` : ""}${reason ? `：${reason}` : ""}</span></li>`;
  }

  /** @param {Doc} tablet @param {"soft" | "hard" | "name"} way */
  asking(tablet, way) {
    const problem = this.message ? html`<p class="field-problem" role="alert"><cd-icon name="circle-alert"></cd-icon>${this.message}</p>` : nothing;
    if (way === "name") {
      return html`<div class="field" data-bad=${this.message ? "yes" : nothing}><label class="field-label" for="tablet-name">平板名称</label>${problem}
        <input class="input" id="tablet-name" maxlength="60" autocomplete="off" .value=${tablet.name} /></div>`;
    }
    return html`<div class="stack"><p>${WAYS[way].text}</p>
      ${way === "hard" && unsent(tablet) ? html`<p class="sign soon"><cd-icon name="cloud-upload"></cd-icon>还有 ${unsent(tablet)}没上传，会先交回。</p>` : nothing}
      <div class="field" data-bad=${this.message ? "yes" : nothing}><label class="field-label" for="tablet-reason">原因</label>${problem}
        <textarea class="input" id="tablet-reason" rows="2" maxlength="200"></textarea></div></div>`;
  }

  /** @param {Doc} tablet */
  actions(tablet) {
    const { way } = this;
    if (way) {
      const look = way === "hard" ? "btn-danger" : "btn-primary";
      return html`<button class="btn btn-large" type="button" @click=${() => this.ask(null)}>返回</button>
        <button class="btn ${look} btn-large" type="button" ?disabled=${this.busy} @click=${() => this.go(tablet, way)}>${way === "name" ? "保存" : WAYS[way].title}</button>`;
    }
    const gone = tablet.state === "wipe" || tablet.state === "wiped";
    return html`<button class="btn" type="button" @click=${() => this.ask("name")}><cd-icon name="pencil"></cd-icon>改名</button>
      ${gone ? nothing : html`<button class="btn" type="button" @click=${() => this.ask("soft")}><cd-icon name="log-out"></cd-icon>${WAYS.soft.title}</button>
      <button class="btn btn-danger" type="button" @click=${() => this.ask("hard")}><cd-icon name="ban"></cd-icon>${WAYS.hard.title}</button>`}`;
  }

  /** @param {"soft" | "hard" | "name" | null} way */
  async ask(way) {
    Object.assign(this, { way, message: "" });
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector("#tablet-name, #tablet-reason"))?.focus();
  }

  /** @param {Doc} tablet @param {"soft" | "hard" | "name"} way */
  async go(tablet, way) {
    const text = /** @type {HTMLInputElement} */ (this.querySelector("#tablet-name, #tablet-reason")).value.trim();
    const least = way === "name" ? 1 : SHORTEST;
    if ([...text].length < least) {
      this.message = way === "name" ? "请填写平板名称。" : "请写明原因，至少两个字。";
      return;
    }
    this.busy = true;
    try {
      await api.post(`/devices/${tablet.id}/${way === "name" ? "rename" : "revoke"}`, way === "name" ? { name: text } : { mode: way, reason: text });
      toast(way === "name" ? `已改名为「${text}」。` : `「${tablet.name}」${WAYS[way].done}。`, { level: "done" });
      this.way = null;
      this.emit("cd-changed");
    } catch (error) {
      this.message = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("admin-tablet", AdminTablet);
