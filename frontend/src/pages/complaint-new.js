// Why it exists: a complaint can be heard anywhere: at the desk, on the phone, by letter; it starts from the car's file.
import { html, nothing } from "../../vendor/lit.js";
import { checkFields } from "../domain/schema.js";
import { openingRow } from "../domain/workflow.js";
import { app } from "../lib/app.js";
import { honorific } from "../lib/format.js";
import { navigate } from "../lib/router.js";
import { banner } from "./bits.js";
import { buildOpening, newIds } from "./complaint-build.js";
import { openingFields, problemsIn } from "./complaint-fields.js";
import { eachOnce } from "./contact.js";
import { Draft } from "./draft.js";
import { Page } from "./page.js";
import { problemsOf, save, without } from "./saving.js";
import { actor, label, session } from "./session.js";
import "./file-search.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 受理投诉. */
export class PageComplaintNew extends Page {
  static properties = { draft: { state: true }, problems: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {any} {complaint_id, step_id, customer_id, doc} */
    this.draft = null;
    /** @type {import("../parts/types.js").Problem[]} */
    this.problems = [];
    this.busy = false;
    /** @type {Draft | null} */
    this.kept = null;
  }

  async load() {
    const id = this.query.vehicle;
    if (!id) return { file: null };
    const found = await app.file(id);
    const file = { ...found, people: eachOnce(found.people) };
    if (this.kept?.key !== `complaint:new:${id}`) {
      this.kept = new Draft(`complaint:new:${id}`);
      this.draft = (await this.kept.read()) ?? { ...newIds(), customer_id: file.people[0]?.id ?? "", doc: { heard_channel: "on_site" } };
    }
    return { file };
  }

  /** @param {Doc} change */
  change(change) {
    this.draft = { ...this.draft, ...change };
    void this.kept?.put(this.draft);
  }

  /** @param {CustomEvent<{name: string, doc: Doc}>} event */
  typed({ detail: { name, doc } }) {
    this.problems = without(this.problems, name);
    this.change({ doc });
  }

  /** @param {{file: Doc | null}} data */
  view({ file }) {
    if (!file) return this.choose();
    const row = openingRow(session.schema, actor());
    const fields = openingFields(session.schema, /** @type {any} */ (row), this.draft.doc);
    const note = `${file.vehicle.model ?? ""}${row.code === "report" ? " · 先受理，由客服登记分类" : ""}`;
    return html`<div class="page-narrow">
      <cd-page-head always-back back="/files/${file.vehicle.id}" .heading=${html`受理投诉 <cd-plate
        .plate=${file.vehicle.plate ?? ""}></cd-plate>`} .note=${note}></cd-page-head>
      ${this.people(file.people)}
      <cd-form .schema=${session.schema} .fields=${fields} .value=${this.draft.doc} .problems=${this.problems}
        .busy=${this.busy}
        submit="存下这件投诉" @cd-change=${this.typed}
        @cd-submit=${() => void this.put(/** @type {any} */ (row), file)}></cd-form>
      <p class="muted t-14">先存本机，可以离线办；24 小时从客户提出的时刻起算。</p></div>`;
  }

  choose() {
    const go = (/** @type {CustomEvent} */ event) => void navigate(`/complaints/new?vehicle=${event.detail.id}`);
    return html`<div class="page-narrow"><cd-page-head always-back back="/complaints" heading="受理投诉"
      note="先找到这位客户的车"></cd-page-head>
      <file-search pick @cd-choose=${go}></file-search></div>`;
  }

  /** @param {Doc[]} people */
  people(people) {
    if (!people.length) return banner({ level: "soon", icon: "user", text: "这辆车还没有登记客户，请先在车档里补上。" });
    return html`<fieldset class="field"><legend class="field-label">谁提出的</legend><div
      class="cluster">${people.map((person) => html`<button
      class="chip" type="button" aria-pressed=${this.draft.customer_id === person.id} @click=${() => this.change({ customer_id: person.id })}>
      ${honorific(person.name, person.gender)}${person.roles.length ? `（${person.roles.map((/** @type {string} */ role) => label("party_role", role)).join("、")}）` : nothing}</button>`)}</div></fieldset>`;
  }

  /** @param {Doc} row @param {Doc} file */
  async put(row, file) {
    const { draft } = this;
    this.problems = problemsIn(checkFields, session.schema, openingFields(session.schema, row, draft.doc), draft.doc);
    if (!draft.customer_id) this.problems = [{ field: "", code: "field.required", message: "请选择是谁提出的。" }, ...this.problems];
    if (this.problems.length) return;
    const about = { vehicle_id: file.vehicle.id, customer_id: draft.customer_id };
    const opened = buildOpening({ row, doc: draft.doc, ids: draft, about, who: actor(), now: new Date().toISOString() });
    this.busy = true;
    try {
      await save("complaint.open", opened, { what: "投诉抱怨单" });
      await this.kept?.drop();
      await navigate(`/complaints/${opened.complaint.id}`, { replace: true });
    } catch (error) {
      this.problems = problemsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("page-complaint-new", PageComplaintNew);
