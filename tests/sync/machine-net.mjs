// Why it exists: a network that loses, repeats, delays, cuts and forges what goes through it, by a seed.

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const portal = () => new Response("<html>请登录</html>", { headers: { "content-type": "text/html" } });
const broken = () =>
  new Response("<html>502</html>", { status: 502, headers: { "content-type": "text/html" } });

export class Network {
  /** @param {string} base @param {() => number} chance */
  constructor(base, chance) {
    this.base = base;
    this.chance = chance;
    this.bad = true;
    /** Ops the server certainly took in: their request was answered, whether or not the answer arrived. */
    this.reached = new Set();
    /** Every partition that ever came in an answer, by device. */
    this.seen = new Map();
    this.late = new Set();
    this.fetch = this.fetch.bind(this);
  }

  async #send(path, init) {
    const answer = await fetch(this.base + path, { ...init, signal: undefined });
    const body = await answer.arrayBuffer();
    const message = init.body ? JSON.parse(init.body) : null;
    if (answer.ok && path.endsWith("/push")) for (const op of message.ops) this.reached.add(op.id);
    if (answer.ok && path.endsWith("/pull")) {
      const parts = Object.keys(JSON.parse(new TextDecoder().decode(body)).parts);
      this.seen.set(message.device, new Set([...(this.seen.get(message.device) ?? []), ...parts]));
    }
    const empty = [204, 205, 304].includes(answer.status);
    return {
      body,
      make: (bytes) => new Response(empty ? null : bytes, { status: answer.status, headers: answer.headers }),
    };
  }

  /** The same request once more, some time later and for nobody. */
  #repeatLater(path, init) {
    const again = pause(200 * this.chance())
      .then(() => this.#send(path, init))
      .catch(() => {});
    this.late.add(again);
    again.finally(() => this.late.delete(again));
  }

  async fetch(path, init = {}) {
    const dice = this.bad && !path.endsWith("/login") ? this.chance() : 1;
    if (dice < 0.1) throw new TypeError("request lost");
    if (dice < 0.13) return portal();
    if (dice < 0.16) return broken();
    if (this.bad) await pause(10 * this.chance());
    if (dice < 0.24) await this.#send(path, init);
    if (dice >= 0.24 && dice < 0.32) this.#repeatLater(path, init);
    const { body, make } = await this.#send(path, init);
    if (dice >= 0.32 && dice < 0.44) throw new TypeError("answer lost");
    if (dice >= 0.44 && dice < 0.5) return make(body.slice(0, Math.floor(body.byteLength * this.chance())));
    return make(body);
  }

  /** From here on everything goes through, and nothing late is under way. */
  async heal() {
    this.bad = false;
    await Promise.all(this.late);
  }
}
