// Why it exists: a cycle that makes no progress is noticed and said, instead of a bar that shows the same word for ever.

const STALL_MS = 30_000;
const SAID = "服务器很久没有回答，还在等；内容都在本机。";

/** @typedef {(phase: string, percent: number | null, message?: string | null) => void} Tell */

/**
 * Watches the work done under the sync locks for signs of life.
 * @param {Tell} tell is told "stalled" after a silence @param {number} [stallMs] of silence; Infinity: never
 */
export function makeWatchdog(tell, stallMs = STALL_MS) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let quiet;
  let running = 0;

  /** Something happened: the silence begins anew. */
  function alive() {
    clearTimeout(quiet);
    if (running && stallMs < Infinity) quiet = setTimeout(() => tell("stalled", null, SAID), stallMs);
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async function watch(work) {
    running += 1;
    alive();
    try {
      return await work();
    } finally {
      running -= 1;
      alive();
    }
  }

  return {
    alive,
    /** @type {Tell} */
    tell(phase, percent, message) {
      alive();
      tell(phase, percent, message);
    },
    /** Locks whose holders are watched. @param {import("./cycle.js").Locks} locks @returns {import("./cycle.js").Locks} */
    over: (locks) => ({ request: (name, work) => locks.request(name, () => watch(work)) }),
  };
}
