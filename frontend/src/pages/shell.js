// Why it exists: branch, person and sync state are in sight on every screen, and each place is one tap away.
import { html, nothing } from "../../vendor/lit.js";
import { app } from "../lib/app.js";
import { exportUnsent } from "../lib/save-file.js";
import { currentPlace, navigate } from "../lib/router.js";
import { toast } from "../parts/cd-toast.js";
import { Part } from "../parts/part.js";
import { actor, branch, me, onNews, readSession, roles, roleText, session } from "./session.js";
import { makeLocking } from "./locking.js";
import { endPractice } from "./person-panel.js";
import { myTurn } from "./complaint-turn.js";
import { nag } from "./nag.js";
import { placeOf } from "./op-place.js";
import { groupOf } from "./today-groups.js";

/** Frame of the app: bar, navigation, outlet, toast, and the panels behind the bar. */
export class AppShell extends Part {
  static properties = { path: { state: true }, panel: { state: true }, outbox: { state: true }, counts: { state: true } };

  constructor() {
    super();
    this.path = location.pathname;
    /** @type {"" | "sync" | "person" | "branch"} */
    this.panel = "";
    /** @type {any[]} */
    this.outbox = [];
    /** @type {Record<string, number>} */
    this.counts = {};
    this.warned = false;
    this.locking = makeLocking(() => this.cover());
  }

  connectedCallback() {
    super.connectedCallback();
    onNews((news) => void this.heard(news));
    void this.count();
  }

  /** @returns {HTMLElement} where pages are put */
  get outlet() {
    return /** @type {HTMLElement} */ (this.querySelector("#main"));
  }

  /** @param {{type: string}} news */
  async heard(news) {
    this.requestUpdate();
    if (this.panel === "sync") this.outbox = await app.outbox();
    if (news.type === "data") await this.count();
    if (session.state?.session?.expired) this.expired();
    if (session.state?.session) nag(() => this.open("sync"));
    await this.locking.check();
  }

  /** Said once: work goes on offline, only uploading waits for a new sign-in. */
  expired() {
    if (this.warned) return;
    this.warned = true;
    const run = () => void navigate(`/login?next=${encodeURIComponent(currentPlace()?.path ?? "/today")}`);
    toast("登录已过期：可以继续在本机做事，重新登录后才会上传。", { level: "soon", stay: true, action: "重新登录", run });
  }

  async count() {
    if (!session.state?.session || !session.state.branch || !session.schema) return;
    const { tasks, complaints } = await app.today();
    const now = new Date().toISOString();
    const late = tasks.filter((/** @type {any} */ row) => groupOf(row, now, branch().lunch_from ?? "12:00") === "late").length;
    const mine = complaints.filter((/** @type {any} */ row) => myTurn(session.schema, row.complaint ?? row, actor())).length;
    this.counts = { today: late, complaints: mine };
  }

  /** @param {"" | "sync" | "person" | "branch"} panel */
  async open(panel) {
    if (panel === "sync") this.outbox = await app.outbox();
    this.panel = panel;
  }

  render() {
    const state = session.state;
    const inside = Boolean(state?.session) && this.path !== "/login";
    const many = state?.branches?.length ?? 1;
    return html`<a class="skip-link sr-only" href="#main">跳到内容</a>
      <div class=${inside ? "app" : "app app--out"}>
        ${state?.practice ? html`<p class="practice"><cd-icon name="graduation-cap"></cd-icon><span>练习 · 内容不会上传</span><button class="btn" @click=${endPractice}>结束练习</button></p>` : nothing}
        ${inside ? html`<cd-app-bar .branch=${branch().short_name || "总部"} .branches=${many} .person=${me()?.name ?? ""}
            .role=${state?.practice ? "所有岗位" : roleText(roles())} .state=${state} @cd-branch=${() => this.open("branch")}
            @cd-person=${() => this.open("person")} @cd-sync=${() => this.open("sync")}></cd-app-bar>
          <cd-nav .roles=${roles()} .current=${this.path} .counts=${this.counts}></cd-nav>` : nothing}
        <main class=${inside ? "app-main" : "login"} id="main" tabindex="-1"></main>
      </div>
      <cd-dialog .open=${this.panel !== ""} .heading=${HEADINGS[this.panel] ?? ""} .body=${this.panelBody()}
        @cd-close=${() => this.open("")}></cd-dialog>
      <cd-toast></cd-toast>`;
  }

  panelBody() {
    if (this.panel === "sync") {
      return html`<div class="stack"><cd-sync-panel .state=${session.state} .outbox=${this.outbox} .schema=${session.schema}
        @cd-sync-now=${() => void app.sync_now()} @cd-export=${() => void exportUnsent()}
        @cd-op=${(/** @type {CustomEvent} */ event) => this.openOp(event)}></cd-sync-panel>
        ${session.state?.practice ? nothing : html`<a class="btn btn-block" href="/parked" @click=${() => this.open("")}>${session.state?.parked
          ? "处理这些待处理的内容" : "打开「待处理」"}</a>`}</div>`;
    }
    if (this.panel === "branch") return this.branchChoice();
    return this.panel === "person" ? this.personPanel() : nothing;
  }

  branchChoice() {
    const found = /** @type {any[]} */ (session.state?.branches ?? []);
    return html`<div class="stack-s">${found.map(({ code, name }) => html`<button class="btn btn-block"
      aria-pressed=${code === branch().code}
      @click=${() => this.useBranch(code)}>${name}</button>`)}</div>`;
  }

  /** @param {string} code */
  async useBranch(code) {
    const from = location.pathname;
    await this.open("");
    await app.use_branch(code);
    await readSession();
    if (location.pathname === from) await navigate("/today"); // whoever has gone on meanwhile is not called back
  }

  personPanel() {
    return html`<person-panel @cd-lock=${(/** @type {CustomEvent} */ event) => void this.locking.lock(event.detail.other)}
      @cd-leave=${() => void this.locking.lock(true, app.logout)}></person-panel>`;
  }

  /** Nothing of a customer stays on the screen. */
  cover() {
    Object.assign(this, { panel: "", outbox: [], counts: {} });
    this.outlet?.replaceChildren();
  }

  /** @param {CustomEvent<{id: string}>} event refused: the reasons; waiting: the record itself */
  openOp(event) {
    const op = this.outbox.find((one) => one.id === event.detail.id);
    const place = op?.state === "parked" ? `/parked?op=${op.id}` : op && placeOf(op);
    void this.open("");
    if (place) void navigate(place);
  }
}

/** @type {Record<string, string>} */
const HEADINGS = { sync: "同步情况", person: "当前使用人", branch: "切换门店" };

customElements.define("app-shell", AppShell);
