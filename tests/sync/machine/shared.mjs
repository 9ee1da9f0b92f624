// Why it exists: what the tabs of one tablet share in a browser: locks and a channel. A dead tab lets go of both.

class Locks {
  constructor() {
    /** @type {Map<string, {life: any, begin: () => void}[]>} the first of each queue holds the lock */
    this.queues = new Map();
  }

  /** The `navigator.locks` of one tab. @param {any} life */
  of(life) {
    life.onDeath.push(() => {
      for (const name of this.queues.keys()) this.#leave(name, (one) => one.life === life);
    });
    return { request: (name, work) => this.#request(life, name, work) };
  }

  #request(life, name, work) {
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    return new Promise((resolve, reject) => {
      const one = {
        life,
        begin: () =>
          Promise.resolve()
            .then(work)
            .then(resolve, reject)
            .finally(() => this.#leave(name, (other) => other === one)),
      };
      queue.push(one);
      if (queue.length === 1) one.begin();
    });
  }

  #leave(name, gone) {
    const queue = this.queues.get(name);
    const holder = queue[0];
    const left = queue.filter((one) => !gone(one));
    this.queues.set(name, left);
    if (left.length && left[0] !== holder) left[0].begin();
  }
}

class Channel {
  constructor(peers, life) {
    this.peers = peers;
    this.life = life;
    this.onmessage = null;
    peers.add(this);
    life.onDeath.push(() => peers.delete(this));
  }

  postMessage(data) {
    for (const peer of this.peers) if (peer !== this && !this.life.dead) setImmediate(() => peer.#hear(data));
  }

  #hear(data) {
    if (!this.life.dead) this.onmessage?.({ data });
  }

  close() {
    this.peers.delete(this);
  }
}

/** What each tab of a tablet gets: `{locks, channel}`. */
export function makeShared() {
  const tablets = new Map();
  return {
    of({ tablet, life }) {
      if (!tablets.has(tablet)) tablets.set(tablet, { locks: new Locks(), peers: new Set() });
      const { locks, peers } = tablets.get(tablet);
      return { locks: locks.of(life), channel: new Channel(peers, life) };
    },
    clear: () => tablets.clear(),
  };
}
