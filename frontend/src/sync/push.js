// Why it exists: hands the queue to the server, in order, at most once, whatever the network does (invariants 1, 2, 3, 5).

import { getMeta, putMeta } from "../store/meta.js";
import { fork, resend, settle } from "../store/results.js";
import { WireError } from "./wire.js";

const MOST_OPS = 200;
const LEAST_OPS = 10;
const FIRST_OPS = 10;
const [CALM_MS, CROWDED_MS] = [100, 250];
const MOST_BYTES = 512 * 1024;
const SHOWN_MS = 1_000;
const MOST_STRIKES = 8;
const NEW_DEVICE = "这台设备换了新的身份，请重新登录；未上传的内容都在本机。";

/** @typedef {import("./cycle.js").Context} Context @typedef {import("../store/journal.js").Entry} Entry */

/** @param {Entry[]} waiting @param {number} most @returns {Entry[]} the next ops that fit into a request */
function batchOf(waiting, most) {
  const batch = [];
  let bytes = 0;
  for (const entry of waiting.slice(0, most)) {
    bytes += entry.size;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push(entry);
  }
  return batch;
}

/** How many ops the next request carries: twice as many while the server is free, half as many when the last one had to
 * wait there for other tablets, so that each gets its turn. @param {number} most @param {number} waited ms */
function paced(most, waited) {
  if (waited < CALM_MS) return most * 2;
  return waited < CROWDED_MS ? most : Math.max(LEAST_OPS, most >> 1);
}

/** The op as sent; another person's op proves its author, one's own goes with the session. @param {Entry} entry @param {any} session */
function onWire({ n, op, h, by, mac, actor }, session) {
  return { n, ...op, h, ...(actor.id === session.user.id ? {} : { by, mac }) };
}

/**
 * Sends everything that waits; returns true when anything was answered. With `recheck`, refused ops are asked about again.
 * Pages show the answers once a second: taking them in costs as much as getting them.
 * @param {Context} ctx @param {any} session @param {{recheck?: boolean}} [options]
 */
export async function push(ctx, session, { recheck = false } = {}) {
  let [moved, shown] = [false, Date.now()];
  const settled = () => {
    moved = true;
    if (Date.now() - shown < SHOWN_MS) return ctx.counted();
    shown = Date.now();
    ctx.changed();
  };
  try {
    await drain(ctx, session, recheck, settled);
  } finally {
    if (moved) ctx.changed();
  }
  return moved;
}

/** @param {Context} ctx @param {any} session @param {boolean} recheck @param {() => void} done after each answer */
async function drain(ctx, session, recheck, done) {
  const journal = ctx.journal;
  let [most, cap, strikes] = [FIRST_OPS, MOST_OPS, 0];
  /** @type {Entry[]} */
  let asked = recheck
    ? (await journal.inState("parked")).filter((entry) => entry.device === session.device)
    : [];
  for (;;) {
    await requireDevice(ctx, session);
    const waiting = await journal.queue(most);
    const batch = batchOf(
      [...asked, ...waiting].sort((a, b) => a.n - b.n),
      most,
    );
    if (batch.length === 0) return;
    try {
      const sent = Date.now();
      const ops = batch.map((entry) => onWire(entry, session));
      const epoch = await getMeta(journal, "epoch");
      const message = {
        proto: 1,
        device: session.device,
        epoch,
        clock: ctx.clock(),
        pending: (await journal.counts()).pending,
        ops,
      };
      const answer = await ctx.wire.push(message, session.token);
      ctx.heard(answer.now, sent);
      most = Math.min(cap, paced(most, answer.waited_ms ?? 0));
      const settled = await settle(journal, answer.results, answer.now, batch);
      if (settled < batch.length) throw new WireError("offline", "服务器的回答不完整，稍后会再试。");
      asked = asked.filter((entry) => !batch.includes(entry));
      done();
    } catch (error) {
      strikes += 1;
      if (!(error instanceof WireError) || strikes > MOST_STRIKES) throw error;
      most = await mend(ctx, error, Math.min(most, batch.length));
      if (error.code === "sync.too_large") cap = most;
      asked = [];
    }
  }
}

/**
 * What a refusal asks for; returns the new batch size.
 * @param {Context} ctx @param {WireError} error @param {number} size
 */
async function mend(ctx, error, size) {
  if (error.code === "sync.too_large" && size > 1) return size >> 1;
  if (error.code === "sync.gap" && (await resend(ctx.journal, { from: error.details.expect }))) return size;
  if (error.code === "sync.epoch") await adoptEpoch(ctx, error.details.epoch);
  else if (error.code === "sync.gap" || error.code === "sync.fork") await fork(ctx.journal, ctx.freshId());
  else throw error;
  return size;
}

/**
 * The server's database lives another life (restored from backup): cursors fall, and what it may have lost is sent again
 * (invariant 16). Safe to repeat after a crash: the new epoch is noted last.
 * @param {Context} ctx @param {string} epoch
 */
export async function adoptEpoch(ctx, epoch) {
  const known = await getMeta(ctx.journal, "epoch");
  if (known === epoch) return;
  if (known) {
    for (const { part } of await ctx.cache.cursors()) await ctx.cache.note(part, { stale: true });
    if (!(await resend(ctx.journal))) await fork(ctx.journal, ctx.freshId());
  }
  await putMeta(ctx.journal, "epoch", epoch);
}

/**
 * The device's id, if the session was opened for it; another session is needed after a fork.
 * @param {Context} ctx @param {any} session @throws {WireError} auth.device
 */
export async function requireDevice(ctx, session) {
  const device = await ctx.journal.device(ctx.freshId);
  if (device.id !== session.device) throw new WireError("auth.device", NEW_DEVICE);
}
