// Why it exists: nothing a user typed is lost: each change is written to the tablet's journal, in order, and comes back
// after a kill or a reload.
import { app } from "../lib/app.js";

/** A draft under one key; writes coalesce to the latest value and never overtake each other. */
export class Draft {
  /** @param {string} key e.g. `call:<task id>` */
  constructor(key) {
    this.key = key;
    /** @type {any} the value still to be written, undefined when none */
    this.next = undefined;
    this.closed = false;
    /** @type {Promise<void>} */
    this.writing = Promise.resolve();
  }

  /** @returns {Promise<any>} the kept value, null when there is none */
  async read() {
    return (await app.draft_get(this.key)) ?? null;
  }

  /** Keeps a value; at once, or right after the write that runs. @param {any} value plain data @returns {Promise<void>} */
  put(value) {
    const idle = this.next === undefined;
    this.next = value;
    if (idle && !this.closed) this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  async write() {
    const value = this.next;
    this.next = undefined;
    if (this.closed || value === undefined) return;
    await app.draft_put(this.key, value).catch(() => {});
  }

  /** Ends the draft: it became an op. @returns {Promise<void>} */
  async drop() {
    this.closed = true;
    await this.writing;
    await app.draft_drop(this.key);
  }
}
