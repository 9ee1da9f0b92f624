// Why it exists: the tabs of a schedule and what goes on in them. It knows neither Node nor a browser page: both hand in how
// to tell that nothing moves, and what the tabs of one tablet share.
import { createApp } from "../../../frontend/src/sync/app.js";
import { FLOWS } from "./flows.mjs";
import { Gone, Life, lives } from "./life.mjs";

/** @param {Blob} blob of a few hundred bytes */
async function base64(blob) {
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
}

/** What a password costs to try here. */
const CHEAP = { m: 8, t: 1, p: 1 };

/**
 * One opened app.
 * @typedef {{name: string, tablet: string, life: Life, app: any, skew: number}} Tab
 */
export class Stage {
  /** @param {{idle: () => Promise<void>, nowMs: () => number, shared: (tab: Tab) => object}} given */
  constructor(given) {
    this.given = given;
    /** @type {Map<string, Tab>} */
    this.tabs = new Map();
    this.count = 0;
    this.clear();
  }

  clear() {
    for (const tab of this.tabs.values()) tab.life.die();
    this.tabs.clear();
    lives.clear();
    this.waiting = new Map();
    this.told = { flows: [], fetches: [], dead: [], errors: [] };
  }

  /** Starts what a command says, lets everything run until it stands, and tells what came of it. */
  async step(command) {
    const { flow, tab, name, args } = command;
    if (flow !== undefined) this.#start(flow, tab, name, args ?? {});
    await this.given.idle();
    const { told } = this;
    this.told = { flows: [], fetches: [], dead: [], errors: [] };
    return told;
  }

  #start(flow, tabName, name, args) {
    const work = name === "open" ? this.#open(tabName, args) : FLOWS[name](this.tabs.get(tabName), args);
    const life = this.tabs.get(tabName).life;
    const tell = (result) => !life.dead && this.told.flows.push([flow, ...result]);
    work.then(
      (value) => tell([true, value ?? null]),
      (error) => tell([false, { name: error.name, code: error.code ?? null, text: String(error.stack ?? error) }]),
    );
  }

  async #open(name, { tablet, skew, names }) {
    this.count += 1;
    const life = new Life(String(this.count));
    lives.set(life.id, life);
    /** @type {Tab} */
    const tab = { name, tablet, life, app: null, skew };
    this.tabs.set(name, tab);
    life.onDeath.push(() => this.#dead(tab));
    const env = {
      fetch: (path, init) => this.#fetch(tab, path, init),
      names: { journal: `${names.journal}#${life.id}`, cache: `${names.cache}#${life.id}` },
      nowMs: () => this.given.nowMs() + tab.skew,
      random: () => 0.5,
      kdf: CHEAP,
      ...this.given.shared(tab),
    };
    tab.app = await createApp(env);
  }

  #dead(tab) {
    this.told.dead.push(tab.name);
    this.tabs.delete(tab.name);
    for (const [id, one] of this.waiting) if (one.tab === tab) this.waiting.delete(id);
  }

  /** @param {Tab} tab @param {string} path @param {any} init */
  async #fetch(tab, path, init = {}) {
    tab.life.touch();
    this.count += 1;
    const id = this.count;
    const { method = "GET", headers = {} } = init;
    const body = init.body instanceof Blob ? { base64: await base64(init.body) } : (init.body ?? null);
    tab.life.touch();
    this.told.fetches.push({ id, tab: tab.name, method, path, headers, body });
    return new Promise((resolve, reject) => this.waiting.set(id, { tab, resolve, reject }));
  }

  /** Lets answers arrive: `[{id, error}]` or `[{id, status, type, text | bytes}]`; those for dead tabs are dropped. */
  answer(answers) {
    for (const { id, error, status, headers, bytes } of answers) {
      const one = this.waiting.get(id);
      this.waiting.delete(id);
      if (!one) continue;
      one.tab.life.touch(false);
      if (one.tab.life.dead) continue;
      if (error) one.reject(new TypeError(error));
      else one.resolve(new Response(status === 204 ? null : bytes, { status, headers }));
    }
  }

  /** An error nobody waited for; what a tab says while it dies is none. @param {any} error */
  stray(error) {
    if (!(error instanceof Gone) && !this.told.dead.length) this.told.errors.push(String(error?.stack ?? error));
  }
}
