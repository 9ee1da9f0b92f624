// Why it exists: customer data are kept true by everyone who talks with the customer (D-F4, D-F8); an edit tells what one saw,
// so that two people's edits of different fields both survive.
import { html, nothing } from "../../vendor/lit.js";
import { checkFields } from "../domain/schema.js";
import { dateText, honorific, phoneText } from "../lib/format.js";
import { Part } from "../parts/part.js";
import { factList } from "./bits.js";
import { Draft } from "./draft.js";
import { problemsOf, save, without } from "./saving.js";
import { label, session } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

const NAMES = ["name", "gender", "kind", "phones", "address", "birthday", "preferred_time", "consent", "refused_channels", "note"];

/** A person of a file, with an edit form in a dialog. */
export class FilePerson extends Part {
  static properties = {
    person: { attribute: false },
    pending: { type: Boolean },
    draft: { state: true },
    problems: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {Doc} */
    this.person = {};
    this.pending = this.busy = false;
    /** @type {{doc: Doc, base: Doc} | null} open while editing */
    this.draft = null;
    /** @type {import("../parts/types.js").Problem[]} */
    this.problems = [];
    /** @type {Draft | null} */
    this.kept = null;
  }

  render() {
    const { person } = this;
    const facts = factList([
      ["电话", (person.phones ?? []).map((/** @type {string} */ phone) => html`<a class="num"
        href="tel:${phone}">${phoneText(phone)}</a> `)],
      ["地址", person.address],
      ["生日", person.birthday && dateText(person.birthday)],
      ["方便时间", person.preferred_time],
      ["同意回访", person.consent === false ? html`<span class="late">不同意</span>` : ""],
      ["不要用", person.refused_channels?.map((/** @type {string} */ code) => label("channel", code)).join("、")],
      ["备注", person.note],
    ]);
    const heading = html`${honorific(person.name, person.gender)}
      ${(person.roles ?? []).map((/** @type {string} */ role) => html`<span class="badge">${label("party_role", role)}</span>`)}
      ${this.pending ? html`<span class="badge" data-level="info">待上传</span>` : nothing}`;
    return html`<cd-card .heading=${heading} .body=${facts}
        .actions=${html`<button class="btn btn-quiet" type="button" @click=${() => this.edit()}>
        <cd-icon name="pencil"></cd-icon>修改资料</button>`}></cd-card>
      <cd-dialog wide heading="修改客户资料" .open=${Boolean(this.draft)} .body=${this.draft ? this.form(this.draft) : nothing}
        @cd-close=${() => (this.draft = null)}></cd-dialog>`;
  }

  /** @param {{doc: Doc}} draft */
  form(draft) {
    const put = (/** @type {CustomEvent} */ event) => {
      this.problems = without(this.problems, event.detail.name);
      this.draft = { ...(this.draft ?? { base: {} }), doc: event.detail.doc };
      void this.kept?.put(this.draft);
    };
    return html`<cd-form .schema=${session.schema} record="customer" .names=${NAMES} .columns=${2} .value=${draft.doc}
      .problems=${this.problems}
      .busy=${this.busy} submit="保存修改" @cd-change=${put} @cd-submit=${() => void this.put()}></cd-form>`;
  }

  async edit() {
    this.kept = new Draft(`customer:${this.person.id}`);
    const now = Object.fromEntries(NAMES.filter((name) => this.person[name] !== undefined).map((name) => [name, this.person[name]]));
    this.problems = [];
    this.draft = (await this.kept.read()) ?? { doc: now, base: now };
  }

  async put() {
    const { doc, base } = this.draft ?? { doc: {}, base: {} };
    const fields = Object.fromEntries(NAMES.map((name) => [name, session.schema.records.customer.fields[name]]));
    this.problems = checkFields(session.schema, fields, doc).map(({ field = "", ...rest }) => ({ field, ...rest }));
    if (this.problems.length) return;
    const changed = NAMES.filter((name) => JSON.stringify(doc[name] ?? null) !== JSON.stringify(base[name] ?? null));
    if (!changed.length) {
      this.draft = null;
      return;
    }
    const pick = (/** @type {Doc} */ from) => Object.fromEntries(changed.map((name) => [name, from[name] ?? null]));
    this.busy = true;
    try {
      await save("customer.set", { id: this.person.id, set: pick(doc) }, { what: "客户资料", base: pick(base) });
      await this.kept?.drop();
      this.draft = null;
    } catch (error) {
      this.problems = problemsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("file-person", FilePerson);
