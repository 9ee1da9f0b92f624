// A cycle that makes no progress is said to stall; one that shows signs of life is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeWatchdog } from "../../frontend/src/sync/watchdog.js";

const STALL_MS = 40;
const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
const free = { request: (/** @type {string} */ _name, /** @type {() => Promise<any>} */ work) => work() };

/** @param {(dog: ReturnType<typeof makeWatchdog>) => Promise<any>} work @param {number} [stallMs] @returns {Promise<string[]>} phases told */
async function told(work, stallMs = STALL_MS) {
  /** @type {string[]} */
  const phases = [];
  const dog = makeWatchdog((phase) => phases.push(phase), stallMs);
  await dog.over(free).request("sync", () => work(dog));
  await rest(2 * STALL_MS);
  return phases;
}

test("a silence while work runs is said once, and nothing after the work", async () => {
  assert.deepEqual(await told(() => rest(3 * STALL_MS)), ["stalled"]);
});

test("signs of life keep the word away", async () => {
  const lively = async (/** @type {ReturnType<typeof makeWatchdog>} */ dog) => {
    for (let n = 0; n < 6; n += 1) await rest(STALL_MS / 4).then(dog.alive);
    dog.tell("idle", null);
  };
  assert.deepEqual(await told(lively), ["idle"]);
});

test("without timers nothing is watched", async () => {
  assert.deepEqual(await told(() => rest(3 * STALL_MS), Infinity), []);
});
