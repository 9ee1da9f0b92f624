// Why it exists: a network between client and server that breaks off after byte k of one exchange, or answers by itself.
import { connect, createServer } from "node:net";

const PORTAL = "<!doctype html><title>Wi-Fi</title><p>请登录无线网络</p>";
const SLOW_BYTES = 48;
const SLOW_MS = 2;
const page = (status, text) =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A TCP proxy on a port of its own. What is armed happens to the next request of that path, once; the rest passes. */
export class CuttingProxy {
  /** @param {string} base the server's address */
  constructor(base) {
    this.target = Number(new URL(base).port);
    /** @type {{path: string, where: string, after?: number} | null} */
    this.armed = null;
    this.cuts = 0;
    this.pairs = new Set();
    this.server = createServer((client) => this.#serve(client));
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  /**
   * `request` or `response`: cut after so many bytes of it; `portal`, `502`: answer in the server's place; `slow`: pass
   * both ways a few bytes at a time.
   * @param {string} path @param {string} where @param {number} [after]
   */
  arm(path, where, after = 0) {
    this.armed = { path, where, after };
  }

  /** Nothing happens any more; true if what was armed has happened. */
  disarm() {
    const happened = this.armed === null;
    for (const pair of this.pairs) if (pair.fate === this.armed) pair.fate = null; // its connection is kept alive
    this.armed = null;
    return happened;
  }

  close() {
    for (const { client } of this.pairs) client.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }

  #serve(client) {
    const server = connect(this.target, "127.0.0.1");
    const pair = { client, server, fate: null, sent: 0, got: 0 };
    this.pairs.add(pair);
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        this.pairs.delete(pair);
        client.destroy();
        server.destroy();
      });
    }
    client.on("data", (data) => this.#ask(pair, data));
    server.on("data", (data) => this.#answer(pair, data));
  }

  /** Takes the armed fate for this connection when its request begins; an earlier request's fate is over then. */
  #meet(pair, data) {
    if (!this.armed || !data.subarray(0, 80).toString().startsWith(`POST ${this.armed.path} `)) return;
    pair.fate = this.armed;
    pair.sent = pair.got = 0;
    if (["portal", "502", "slow"].includes(pair.fate.where)) this.armed = null;
  }

  #ask(pair, data) {
    this.#meet(pair, data);
    const { where, after } = pair.fate ?? {};
    if (where === "portal") return pair.client.end(page("200 OK", PORTAL));
    if (where === "502") return pair.client.end(page("502 Bad Gateway", "<h1>502</h1>"));
    if (where === "slow") return trickle(pair.server, data);
    if (where === "request" && pair.sent + data.length > after)
      return this.#cut(pair, pair.server, data.subarray(0, after - pair.sent));
    pair.sent += data.length;
    pair.server.write(data);
  }

  #answer(pair, data) {
    const { where, after } = pair.fate ?? {};
    if (where === "slow") return trickle(pair.client, data);
    if (where === "response" && pair.got + data.length > after)
      return this.#cut(pair, pair.client, data.subarray(0, after - pair.got));
    pair.got += data.length;
    pair.client.write(data);
  }

  /** Passes the last bytes on and ends both connections. */
  #cut(pair, to, last) {
    if (pair.cut) return;
    pair.cut = true;
    this.armed = null;
    this.cuts += 1;
    const end = () => {
      pair.client.destroy();
      pair.server.destroy();
    };
    if (last.length) to.write(last, end);
    else end();
  }
}

const queues = new WeakMap();

/** Writes a few bytes at a time, in order. */
function trickle(to, data) {
  const before = queues.get(to) ?? Promise.resolve();
  queues.set(
    to,
    before.then(async () => {
      for (let at = 0; at < data.length && !to.destroyed; at += SLOW_BYTES) {
        to.write(data.subarray(at, at + SLOW_BYTES));
        await pause(SLOW_MS);
      }
    }),
  );
}
