// Why it exists: follows the feed of each partition with a cursor; never waits for the push (invariants 7, 8, 9, 12).

import { GROUP } from "../lib/partitions.js";
import { adoptEpoch, requireDevice } from "./push.js";

const LIMIT = 2_000;

/** @typedef {import("./cycle.js").Context} Context */

/**
 * Pulls until nothing is left. Returns the scope the server named.
 * @param {Context} ctx @param {any} session
 * @returns {Promise<string[]>}
 */
export async function pull(ctx, session) {
  for (;;) {
    await requireDevice(ctx, session);
    const asked = await cursorsFor(ctx, session);
    const { pending, pending_blobs } = await ctx.journal.counts();
    const app = { ...(await ctx.about()), pending_blobs };
    const sent = Date.now();
    const message = { proto: 1, device: session.device, cursors: asked, pending, limit: LIMIT, app };
    const answer = await ctx.wire.pull(message, session.token);
    ctx.heard(answer.now, sent);
    await adoptEpoch(ctx, answer.epoch); // no reset tells a tablet whose cache was evicted
    let more = false;
    for (const [part, page] of Object.entries(answer.parts)) {
      if (!(part in asked)) continue;
      more = (await take(ctx, part, asked[part], page)) || more;
    }
    session.scope = answer.scope;
    if (!more) return answer.scope;
  }
}

/** Where each partition stands that may be pulled: a branch only after its download is complete. @param {Context} ctx @param {any} session */
async function cursorsFor(ctx, session) {
  /** @type {Record<string, [string, number, number] | null>} */
  const cursors = {};
  for (const part of session.scope) {
    const cursor = await ctx.cache.cursor(part);
    if (cursor?.complete && !cursor.stale) cursors[part] = [cursor.epoch, cursor.seq, cursor.floor ?? 0];
    else if (part === GROUP) cursors[part] = null;
  }
  return cursors;
}

/**
 * Stores one partition's page with its cursor; returns true when more is waiting.
 * @param {Context} ctx @param {string} part @param {[string, number, number] | null} asked @param {any} page
 */
async function take(ctx, part, asked, page) {
  if (page.reset) {
    await ctx.cache.note(part, { stale: true });
    if (page.reset === "epoch") await adoptEpoch(ctx, page.epoch);
    return part === GROUP;
  }
  const from = asked && { epoch: asked[0], seq: asked[1] };
  const applied = await ctx.cache.apply(part, from, page);
  if (!page.more && page.sum !== null) ctx.noteSum(part, page.to, page.sum);
  if (applied && page.rows.length) {
    ctx.changed();
    await ctx.cache.mergePages(part);
  }
  return applied && page.more;
}
