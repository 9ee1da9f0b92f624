// Why it exists: who has the tablet in hand, and how they hand it on: lock, PIN, another person.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { beginPractice, leavePractice } from "../lib/practice.js";
import "../parts/cd-pin.js";
import { define, Part } from "../parts/part.js";
import { toast } from "../parts/cd-toast.js";
import { banner } from "./bits.js";
import { branch, me, readSession, roles, roleText, session } from "./session.js";

/** The account menu; emits `cd-lock` (`{other: boolean}`) and `cd-leave` (taken off this tablet). */
export class PersonPanel extends Part {
  static properties = { step: { state: true }, first: { state: true }, message: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {"" | "pin" | "leave"} */
    this.step = "";
    /** the PIN as typed the first time */
    this.first = this.message = "";
    this.busy = false;
  }

  get hasPin() {
    return session.state?.vault.people.some((/** @type {any} */ one) => one.id === me()?.id && one.pin);
  }

  render() {
    if (this.step === "pin") return this.pin();
    if (this.step === "leave") return this.leave();
    if (session.state?.practice) return this.practice();
    const { pending: ops = 0, pending_blobs: files = 0, refused_blobs: refused = 0, vault } = session.state ?? {};
    const pending = ops + files + refused;
    return html`<div class="stack">
      <dl class="kv"><div><dt>姓名</dt><dd>${me()?.name}</dd></div><div><dt>岗位</dt><dd>${roleText(roles())}</dd></div>
        <div><dt>门店</dt><dd>${branch().name}</dd></div></dl>
      ${vault?.clock_back ? banner({ level: "soon", icon: "clock", text: CLOCK }) : nothing}
      <p class="muted">${pending ? `您有 ${pending} 条内容还没上传，锁定后仍留在本机，联网后继续上传。` : "您的内容都已上传。"}${vault?.idle_minutes ?? 5} 分钟不用会自动锁定；没有网络也能用自己的密码解锁。</p>
      <button class="btn btn-primary btn-large btn-block" @click=${() => this.emit("cd-lock", { other: false })}><cd-icon name="lock"></cd-icon>锁定</button>
      <button class="btn btn-block" @click=${() => this.emit("cd-lock", { other: true })}><cd-icon name="arrow-right-left"></cd-icon>换人</button>
      <button class="btn btn-block" @click=${() => this.begin("pin")}><cd-icon name="key-round"></cd-icon>${this.hasPin ? "更改 PIN" : "设置 PIN"}</button>
      <button class="btn btn-block" @click=${() => this.practise()}><cd-icon name="graduation-cap"></cd-icon>练习</button>
      <button class="btn btn-quiet btn-block" @click=${() => this.begin("leave")}><cd-icon name="log-out"></cd-icon>退出并从本机移除</button>
    </div>`;
  }

  practice() {
    return html`<div class="stack"><p>这里是虚构的门店和客户，可以放心试：打电话记录、投诉、签字都行，内容不会上传。结束后全部清除。</p>
      <button class="btn btn-primary btn-large btn-block" @click=${endPractice}>结束练习</button></div>`;
  }

  /** The tablet is locked first: practising is for everybody. */
  async practise() {
    await app.lock();
    beginPractice();
  }

  pin() {
    const label = this.first ? "再输入一次" : "输入 6 位 PIN";
    return html`<div class="stack">
      <p class="muted">PIN 只在这次打开期间有效，不会存下来：错 5 次、12 小时后或重新打开后，要用密码。</p>
      ${this.message ? banner({ level: "late", icon: "circle-alert", text: this.message, role: "alert" }) : nothing}
      <h3 class="t-16 centre">${label}</h3>
      <cd-pin .label=${label} .busy=${this.busy} @cd-pin=${(/** @type {CustomEvent} */ event) => void this.put(event.detail.pin)}></cd-pin>
      ${this.hasPin ? html`<button class="btn btn-block" @click=${() => void this.drop()}>不再用 PIN</button>` : nothing}
      <button class="btn btn-quiet btn-block" @click=${() => this.begin("")}>返回</button></div>`;
  }

  leave() {
    return html`<div class="stack">
      <p>退出后，这台平板上不再有您的名字，下次登录要联网。没上传的内容留在本机，由本店下一位登录的同事上传，仍记在您名下。</p>
      <button class="btn btn-primary btn-large btn-block" @click=${() => this.emit("cd-leave")}>退出并移除</button>
      <button class="btn btn-quiet btn-block" @click=${() => this.begin("")}>返回</button></div>`;
  }

  /** @param {"" | "pin" | "leave"} step */
  begin(step) {
    Object.assign(this, { step, first: "", message: "" });
    void this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector("cd-pin"))?.focus());
  }

  /** @param {string} pin typed twice alike before it counts */
  async put(pin) {
    if (!this.first) return void Object.assign(this, { first: pin, message: "" });
    if (this.first !== pin) return void Object.assign(this, { first: "", message: "两次输入的不一样，请重新设置。" });
    this.busy = true;
    const problem = await app.set_pin(pin).then(() => null, (/** @type {any} */ error) => error);
    this.busy = false;
    if (problem) return void Object.assign(this, { first: "", message: problem.message });
    await this.done("PIN 已设好，锁定后可以用它解锁。");
  }

  async drop() {
    await app.set_pin(null);
    await this.done("不再用 PIN，解锁要输密码。");
  }

  /** @param {string} words */
  async done(words) {
    toast(words, { level: "done" });
    await readSession();
    this.begin("");
  }
}

/** Deletes what was practised, and goes back to the lock screen. */
export async function endPractice() {
  await app.end_practice();
  leavePractice();
}

const CLOCK = "平板的时间被调回过，请在系统设置里改回自动校时；没上传的内容不受影响。";

define("person-panel", PersonPanel);
