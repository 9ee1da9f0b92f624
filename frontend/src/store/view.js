// Why it exists: what pages see: the partition folded with the overlay, as documents, files and complaints.

import { inOrder } from "../domain/clocks.js";
import { fileOf, foldFile } from "./file.js";

/** @typedef {import("./part.js").Part} Part @typedef {import("./overlay.js").Overlay} Overlay */

const BY_TIME = {
  delivery: "delivered_on",
  repair_order: "out_at",
  task: "due_at",
  attempt: "ended_at",
  complaint: "heard_at",
  attachment: "taken_at",
};

/** @param {any[]} docs @param {string} field */
const newestFirst = (docs, field) =>
  docs.sort((a, b) => String(b[field] ?? "").localeCompare(String(a[field] ?? "")));

export class View {
  /** @param {Part} part @param {Overlay} overlay @param {any} schema */
  constructor(part, overlay, schema) {
    this.part = part;
    this.overlay = overlay;
    this.schema = schema;
  }

  /** Documents of a kind that are in memory, with pending changes. @param {string} kind @returns {any[]} */
  docs(kind) {
    const own = this.overlay.shown.get(kind);
    const rest = this.part.docs(kind);
    if (!own) return rest;
    return [...rest.filter((doc) => !own.has(doc.id)), ...[...own.values()].flatMap(({ doc }) => doc ?? [])];
  }

  /** A vehicle's short line: `{id, plate, vin, model, archive_no, color, delivered_on, people}`. @param {string} id */
  brief(id) {
    const line = this.part.directory.line(id);
    if (!line) return { id, people: [] };
    const people = (line[5] ?? []).map(([person, name, phones, role]) => ({
      id: person,
      name,
      phones,
      role,
    }));
    const [, plate, vin, model, archive_no] = line;
    return { id, plate, vin, model, archive_no, color: line[9], delivered_on: line[10], people };
  }

  /** Whom a vehicle's task or complaint is about. @param {string | undefined} id @param {any} vehicle from `brief` */
  person(id, vehicle) {
    const known = id && this.overlay.get("customer", id);
    if (known) return known;
    const people = vehicle.people;
    return (
      people.find((/** @type {any} */ p) => (id ? p.id === id : p.role === "owner")) ??
      (id ? this.part.directory.person(id) : people[0]) ??
      null
    );
  }

  /** A vehicle's file (D-F1): `{vehicle, people, deliveries, repair_orders, tasks, attempts, complaints, attachments,
   * pending, partial}`.
   * @param {string} vehicleId */
  async file(vehicleId) {
    const { docs, partial } = await foldFile(this.part, vehicleId);
    const waiting = this.overlay.waitingIds();
    for (const [kind, byId] of this.overlay.shown) {
      for (const [id, { doc }] of byId) {
        if (doc && fileOf(this.schema, [0, kind, id, 0, doc]) === vehicleId)
          docs.set(kind, (docs.get(kind) ?? new Map()).set(id, doc));
      }
    }
    const all = (/** @type {string} */ kind) => [...(docs.get(kind)?.values() ?? [])];
    const sorted = (/** @type {keyof typeof BY_TIME} */ kind) => newestFirst(all(kind), BY_TIME[kind]);
    const people = await this.#people(vehicleId, all("party"), docs.get("customer") ?? new Map());
    const steps = all("complaint_step");
    const ids = new Set(
      [...docs.values()].flatMap((byId) => [...byId.keys()]).concat(people.map(({ id }) => id)),
    );
    return {
      vehicle: docs.get("vehicle")?.get(vehicleId) ?? this.brief(vehicleId),
      people,
      deliveries: sorted("delivery"),
      repair_orders: sorted("repair_order"),
      tasks: sorted("task"),
      attempts: sorted("attempt"),
      complaints: sorted("complaint").map((complaint) => ({
        ...complaint,
        steps: stepsOf(steps, complaint.id),
      })),
      attachments: sorted("attachment").filter((doc) => !doc.voided_at),
      pending: [...ids].filter((id) => waiting.has(id)),
      partial,
    };
  }

  /** @param {string} vehicleId @param {any[]} parties @param {Map<string, any>} customers */
  async #people(vehicleId, parties, customers) {
    if (parties.length === 0) return this.brief(vehicleId).people;
    const found = [];
    for (const { customer_id: id, role } of parties) {
      const own = this.overlay.shown.get("customer")?.get(id)?.doc;
      const customer = own ?? customers.get(id) ?? (await this.part.find("customer", id, []));
      if (customer) found.push({ ...customer, role });
    }
    return found;
  }

  /** Open complaints with their steps, vehicle and customer. */
  complaints() {
    const { field, not_in: closed } = this.schema.records.complaint.work;
    const open = this.docs("complaint").filter((doc) => !closed.includes(doc[field]));
    const steps = this.docs("complaint_step");
    const waiting = this.overlay.waitingIds();
    return newestFirst(open, "heard_at").map((complaint) => this.#complaint(complaint, steps, waiting));
  }

  /** One complaint, open or closed, or null. @param {string} id */
  async complaint(id) {
    const known = this.overlay.get("complaint", id);
    const vehicleId = known?.vehicle_id ?? (await this.part.locate("complaint", id));
    if (!vehicleId) return null;
    const file = await this.file(vehicleId);
    const found = file.complaints.find((one) => one.id === id) ?? { ...known, steps: [] };
    const { steps, ...complaint } = found;
    const own = new Set([id, ...steps.map((/** @type {any} */ step) => step.id)]);
    const attachments = file.attachments.filter((doc) => own.has(doc.of_id));
    return { ...this.#complaint(complaint, steps, this.overlay.waitingIds()), attachments };
  }

  /** @param {any} complaint @param {any[]} all steps @param {Set<string>} waiting */
  #complaint(complaint, all, waiting) {
    const steps = stepsOf(all, complaint.id);
    const vehicle = this.brief(complaint.vehicle_id);
    const customer = this.person(complaint.customer_id, vehicle);
    const pending = [complaint, ...steps].some(({ id }) => waiting.has(id));
    return { complaint, steps, vehicle, customer, pending };
  }
}

/** A complaint's steps as they happened. @param {any[]} steps @param {string} complaintId @returns {any[]} */
function stepsOf(steps, complaintId) {
  return inOrder(steps.filter((step) => step.complaint_id === complaintId));
}
