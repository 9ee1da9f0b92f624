// Why it exists: finds a vehicle among tens of thousands while someone types. The snapshot's lines lie in chunks, of which a
// later one overrides an earlier one; vehicles that changed since are kept beside them, in two layers.

import { find, Haystack, words } from "./haystack.js";
import { Stored } from "./stored.js";

/**
 * @typedef {[string, string, string[], string, string]} Person `[customer id, name, phones, role, pinyin]`
 * @typedef {[string, string?, string?, string?, string?, Person[]?, number?, number?, number?, string?, string?, string?]} Line
 *   `[vehicle id, plate, vin, model, archive no, people, segment, offset, length, color, delivered on, last activity]`
 * @typedef {{kind: string, id: string, doc: any}} Change
 * @typedef {{lines: Map<string, Line>, people: Map<string, [string, string[], string]>, gone: Set<string>}} Layer `gone`
 *   are vehicles that went to another branch
 */

const VEHICLE = ["id", "plate", "vin", "model", "archive_no", "", "", "", "", "color", "delivered_on"];
/** @returns {Layer} */
const layer = () => ({ lines: new Map(), people: new Map(), gone: new Set() });

export class Directory {
  /** @param {import("./lines.js").Lines[]} chunks in the snapshot's order */
  constructor(chunks) {
    this.stored = new Stored(chunks);
    this.pulled = layer();
    this.pending = layer();
    /** @type {import("./haystack.js").Searched[] | null} made anew after a change */
    this.searched = null;
    /** @type {Map<string, string[]>} customer → vehicles, as far as changes tell */
    this.owned = new Map();
  }

  /** Rows that were pulled. @param {Change[]} changes */
  patch(changes) {
    this.#change(this.pulled, changes);
  }

  /** What unsent ops make of the lines; replaces the layer. @param {Change[]} changes */
  overlay(changes) {
    if (!changes.length && !this.pending.lines.size && !this.pending.people.size) return;
    this.pending = layer();
    this.#change(this.pending, changes);
  }

  /** @param {string} id of the vehicle @returns {Line | undefined} */
  line(id) {
    if (this.pulled.gone.has(id)) return undefined;
    return this.pending.lines.get(id) ?? this.pulled.lines.get(id) ?? this.stored.line(id);
  }

  /** @param {string} customerId @returns {string[]} */
  vehiclesOf(customerId) {
    return [...new Set([...this.stored.vehiclesOf(customerId), ...(this.owned.get(customerId) ?? [])])];
  }

  /** A person as the lines know them, or undefined. @param {string} id */
  person(id) {
    const changed = this.pending.people.get(id) ?? this.pulled.people.get(id);
    if (changed) return { id, name: changed[0], phones: changed[1] };
    for (const vehicle of this.vehiclesOf(id)) {
      const found = this.line(vehicle)?.[5]?.find((person) => person[0] === id);
      if (found) return { id, name: found[1], phones: found[2] };
    }
    return undefined;
  }

  /** Vehicles whose line holds every word; plates first. @param {string} text @param {number} limit
   * @returns {{line: Line, match: string}[]} */
  search(text, limit) {
    const asked = words(text);
    if (asked.length === 0) return [];
    this.searched ??= this.#layered();
    return find(this.searched, asked, limit);
  }

  /** What is searched: the lines of both layers, then the chunks without the lines that something overrides.
   * @returns {import("./haystack.js").Searched[]} */
  #layered() {
    const lines = new Map([...this.pulled.lines, ...this.pending.lines]);
    const changed = [...lines.values()].filter(([id]) => !this.pulled.gone.has(id));
    const over = new Set([...lines.keys(), ...this.pulled.gone]);
    const above = { haystack: new Haystack(changed, (i) => changed[i]), hidden: () => false };
    const below = this.stored.chunks.map((chunk, k) => ({
      get haystack() { return chunk.haystack; }, // made when the search gets there
      hidden: (/** @type {number} */ i) => over.has(chunk.idAt(i)) || this.stored.overridden(k, chunk.idAt(i)),
    }));
    return [above, ...below];
  }

  /** @param {string} customerId @param {string} vehicleId */
  #own(customerId, vehicleId) {
    const owned = this.owned.get(customerId) ?? [];
    if (!owned.includes(vehicleId)) owned.push(vehicleId);
    this.owned.set(customerId, owned);
  }

  /** @param {Layer} to @param {Change[]} changes */
  #change(to, changes) {
    this.searched = null;
    const touched = new Set();
    for (const { id, doc } of changes.filter(({ kind, doc: now }) => kind === "customer" && now)) {
      const before = this.pulled.people.get(id);
      to.people.set(id, [doc.name, doc.phones ?? [], doc.pinyin ?? before?.[2] ?? ""]);
      for (const vehicle of this.vehiclesOf(id)) touched.add(vehicle);
    }
    for (const { doc } of changes.filter(({ kind, doc: now }) => kind === "party" && now)) {
      const people = this.#draft(to, doc.vehicle_id)[5] ?? [];
      const same = people.some(
        (/** @type {Person} */ person) => person[0] === doc.customer_id && person[3] === doc.role,
      );
      if (!same) people.push([doc.customer_id, "", [], doc.role, ""]);
      this.#own(doc.customer_id, doc.vehicle_id);
      touched.add(doc.vehicle_id);
    }
    for (const { id, doc } of changes.filter(({ kind }) => kind === "vehicle")) {
      to.gone[doc ? "delete" : "add"](id);
      const line = this.#draft(to, id);
      for (const [i, field] of VEHICLE.entries()) if (field && doc) line[i] = doc[field];
      touched.add(id);
    }
    for (const id of touched) this.#name(to, this.#draft(to, id));
  }

  /** A line of the layer that may be changed. @param {Layer} to @param {string} id @returns {any[]} */
  #draft(to, id) {
    const found = to.lines.get(id);
    if (found) return found;
    const below = to === this.pending ? this.line(id) : this.stored.line(id);
    const line = /** @type {any[]} */ ([...(below ?? [id])]);
    line[5] = (line[5] ?? []).map((/** @type {Person} */ person) => [...person]);
    to.lines.set(id, /** @type {any} */ (line));
    return line;
  }

  /** @param {Layer} to @param {any[]} line */
  #name(to, line) {
    for (const person of line[5]) {
      const now = to.people.get(person[0]) ?? this.pulled.people.get(person[0]);
      if (now) [person[1], person[2], person[4]] = now;
      else if (!person[1]) this.#borrow(person);
    }
  }

  /** Name and phones of someone known from another vehicle. @param {any[]} person */
  #borrow(person) {
    for (const vehicle of this.vehiclesOf(person[0])) {
      const known = this.line(vehicle)?.[5]?.find((one) => one[0] === person[0] && one[1]);
      if (known) [person[1], person[2], person[4]] = [known[1], known[2], known[4]];
    }
  }
}
