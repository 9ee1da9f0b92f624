// Why it exists: what two people filled in differently is told quietly where the record is read, and one tap decides
// (invariant 14); neither value is ever lost.
import { html, nothing } from "../../vendor/lit.js";
import { same } from "../domain/canonical.js";
import { instantText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { valueText } from "./op-words.js";
import { problemsOf, save } from "./saving.js";
import { session } from "./session.js";

/** @typedef {import("../store/fillings.js").Filling} Filling */

/** 「2 处内容有不同填法」 and, opened, each of them; give `.items` of `app.file()` or `app.complaint()`; with `group`, of
 * `app.group_fillings()`. */
export class FillingList extends Part {
  static properties = { items: { attribute: false }, group: { type: Boolean }, open: { state: true }, busy: { state: true }, message: { state: true } };

  constructor() {
    super();
    /** @type {Filling[]} */
    this.items = [];
    this.open = this.group = false;
    this.busy = this.message = "";
  }

  render() {
    if (!this.items?.length) return nothing;
    const toggle = () => (this.open = !this.open);
    return html`<section class="fillings" aria-label="不同填法"><div class="banner" data-level="info"><cd-icon name="info"></cd-icon>
        <p><b class="num">${this.items.length} 处内容有不同填法</b>　两位同事填得不一样，两个都留着。</p>
        <button class="btn" type="button" aria-expanded=${this.open} @click=${toggle}>${this.open ? "收起" : "看一看"}</button></div>
      ${this.message ? html`<p class="late" role="alert">${this.message}</p>` : nothing}
      ${this.open ? html`<ul class="list">${this.items.map((item) => this.item(item))}</ul>` : nothing}</section>`;
  }

  /** @param {Filling} item */
  item({ conflict, now, other, whose }) {
    const spec = session.schema.records[conflict.kind]?.fields[conflict.field] ?? { type: "text", label: conflict.field };
    const text = (/** @type {any} */ value) => valueText(session.schema, spec, value, () => "");
    const stands = same(now, conflict.value === undefined ? null : JSON.parse(conflict.value));
    const put = (/** @type {string} */ choice) => this.choose({ conflict, now, other, whose }, choice);
    return html`<li class="filling"><h3 class="t-16">${whose} · ${spec.label}</h3>
      <div class="filling-values">
        <div class="filling-value"><p class="t-14 muted">现在的</p><p class="t-18 pre">${text(now)}</p>
          <p class="t-14 muted">${stands ? byWhom(conflict.by_name, conflict.at) : "后来又改过"}</p>
          <button class="btn" type="button" ?disabled=${Boolean(this.busy)} @click=${() => put("keep")}>保留现在的</button></div>
        <div class="filling-value"><p class="t-14 muted">另一个</p><p class="t-18 pre">${text(other)}</p>
          <p class="t-14 muted">${byWhom(conflict.other_by_name, conflict.other_at)}</p>
          <button class="btn" type="button" ?disabled=${Boolean(this.busy)} @click=${() => put("restore")}>改回这个</button></div>
      </div></li>`;
  }

  /** @param {Filling} item @param {string} choice keep or restore */
  async choose({ conflict, now }, choice) {
    const what = choice === "keep" ? "保留现在的内容" : "改回另一个内容";
    const body = { id: conflict.id, record_id: conflict.record_id, choice };
    Object.assign(this, { busy: conflict.id, message: "" });
    try {
      await save(this.group ? "conflict.settle_group" : "conflict.settle", body, { what, base: { [conflict.field]: now } });
    } catch (error) {
      this.message = problemsOf(error)[0]?.message ?? "没能存下，请再试一次。";
    } finally {
      this.busy = "";
    }
  }
}

/** @param {string | undefined} name @param {string | undefined} at */
const byWhom = (name, at) => (name ? `${name} ${instantText(at)} 填` : "更早登记的");

customElements.define("filling-list", FillingList);
