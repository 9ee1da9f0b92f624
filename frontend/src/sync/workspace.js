// Why it exists: what one tab has loaded: the group's data, the chosen branch, and the overlay over both. Every reader and
// the one writer, `save`, go through it one after the other.

import { branchOf, GROUP, partOf } from "../lib/partitions.js";
import { Overlay } from "../store/overlay.js";
import { Part } from "../store/part.js";
import { View } from "../store/view.js";
import { Refusal } from "./refusal.js";
import { saveOp } from "./saving.js";

/** @typedef {import("../store/journal.js").Entry} Entry */
/** @typedef {{part: Part, overlay: Overlay, view: View}} Space a partition as this tab shows it */

export class Workspace {
  /** @param {{journal: import("../store/journal.js").Journal, cache: import("../store/cache.js").Cache,
   *   now: () => string, freshId: () => string}} env @param {any} schema */
  constructor(env, schema) {
    this.env = env;
    this.schema = schema;
    /** @type {any} */
    this.session = null;
    /** @type {string | null} */
    this.branch = null;
    /** @type {Map<string, Space>} */
    this.spaces = new Map();
    /** @type {Promise<any>} */
    this.turn = Promise.resolve();
    this.usedAt = Number.NEGATIVE_INFINITY; // by performance.now(): what can wait lets people go first
  }

  /** Runs work after what was begun before. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  inTurn(work) {
    const result = this.turn.then(work);
    this.turn = result.catch(() => {});
    return result;
  }

  /** Shows a person's session and a branch, and lets go of what was loaded for another. @param {() => Promise<{session: any,
   * branch: string | null}>} read asks for both when it is its turn: what was begun before may have locked the tablet */
  open(read) {
    return this.inTurn(async () => {
      const { session, branch } = await read();
      const same = session?.session.id === this.session?.session.id && branch === this.branch;
      this.session = session;
      this.branch = branch;
      if (!same) this.spaces = new Map();
      for (const code of session ? [GROUP, ...(branch ? [partOf(branch)] : [])] : []) {
        if (!this.spaces.has(code)) this.spaces.set(code, await this.#space(code));
      }
      await this.#refresh();
    });
  }

  /** @param {string} code @returns {Promise<Space>} */
  async #space(code) {
    const part = new Part(code, this.schema, this.env.cache, (id) => this.#chunkKey(code, id));
    const overlay = new Overlay(part, this.schema, (kind) => this.ref(kind));
    return { part, overlay, view: new View(part, overlay, this.schema) };
  }

  /** The segment key of that id in base64, if this session was given it. @param {string} code @param {string | undefined} id */
  #chunkKey(code, id) {
    const given = this.session?.keys[code];
    return given && (!id || given.id === id) ? given.key : null;
  }

  /** Takes in what was stored since, by this tab or another. */
  refresh() {
    return this.inTurn(() => this.#refresh());
  }

  async #refresh() {
    if (!this.spaces.size) return; // a database that fails keeps no tablet from being locked
    const entries = await this.env.journal.overlaid();
    for (const { part, overlay } of this.spaces.values()) {
      overlay.pulled(await part.refresh());
      await overlay.rebuild(entries.filter((entry) => entry.op.part === part.code));
    }
  }

  /** The group's documents of a kind. @param {string} kind @returns {any[]} */
  ref(kind) {
    return this.spaces.get(GROUP)?.view.docs(kind) ?? [];
  }

  /** The group's data. @returns {Space} */
  get group() {
    return /** @type {Space} */ (this.spaces.get(GROUP));
  }

  /** The chosen branch. @returns {Space} @throws {Refusal} when nobody is logged in or no branch is chosen */
  get space() {
    this.usedAt = performance.now();
    const space = this.spaces.get(partOf(this.branch ?? ""));
    if (!space)
      throw new Refusal(
        this.session ? "app.no_branch" : "auth.required",
        this.session ? "请先选择门店。" : "请先登录。",
      );
    return space;
  }

  /** The branch's own document. @returns {any} */
  branchDoc() {
    return this.ref("branch").find((doc) => doc.code === this.branch) ?? null;
  }

  /** Who works here, with today's posts: head office may have changed them since the login.
   * @returns {{id: string, name: string, title?: string, roles: Record<string, string[]>}} roles by branch code or `*` */
  user() {
    const { user } = this.session;
    const posts = this.ref("staff").find((doc) => doc.id === user.id)?.posts;
    if (!posts) return user;
    /** @type {Record<string, string[]>} */
    const roles = {};
    for (const { branch, role } of posts) roles[branch] = [...(roles[branch] ?? []), role];
    return { ...user, roles };
  }

  /** The person as `decide` sees them in a partition. @param {string} part */
  actor(part) {
    const user = this.user();
    const code = branchOf(part);
    const deputies = this.ref("branch").find((doc) => doc.code === code)?.deputies ?? [];
    const deputy_roles = deputies
      .filter((/** @type {any} */ d) => d.staff_id === user.id)
      .map((/** @type {any} */ d) => d.role);
    return {
      id: user.id,
      name: user.name,
      title: user.title,
      roles: user.roles[code] ?? [],
      deputy_roles,
      place: "tablet",
      system: false,
    };
  }

  /**
   * Saves what a user did: decided here, on the disk before it resolves. What is there already is saved, too.
   * @param {string} kind @param {any} body @param {any} [base]
   * @param {{sha256: string, type: string, bytes: Blob | null}[]} [files] whose bytes belong to it
   * @returns {Promise<{op_id: string | null, status: "saved", decision: any}>}
   * @throws {Refusal} with `problems`, when this tablet can see that it is not acceptable
   */
  save(kind, body, base = {}, files = []) {
    return this.inTurn(() => saveOp(this, kind, body, base, files));
  }
}
