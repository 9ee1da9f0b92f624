// Why it exists: the first download of a branch, and every later exchange of its snapshot: chunks are stored as they come,
// resumed by name after any interruption, and count only once the flag and the cursor are written (SYNC.md, Snapshot).

import { GROUP } from "../lib/partitions.js";
import { sha256 } from "../store/codec.js";
import { WireError } from "./wire.js";

/** @typedef {import("./cycle.js").Context} Context @typedef {import("../store/cache.js").Chunk} Chunk */

const PHASES = { work: "正在下载待办事项", directory: "正在下载车辆目录", segment: "正在下载车辆档案" };
const HOT = ["work", "directory"];
const TRIES = 2;
const LANES = 4;
const MOST_CHANGED = 3_000;

/** Do the chunks that are here lie under another key than the session has? @param {any} cursor @param {any} session */
const isForeign = (cursor, { keys }) => Boolean(cursor?.key_id) && cursor.key_id !== keys[cursor.part]?.id;

/** Does this partition need its snapshot? @param {Context} ctx @param {any} session @param {string} part */
async function needsDownload(ctx, session, part) {
  if (part === GROUP) return false;
  const cursor = await ctx.cache.cursor(part);
  return !cursor?.complete || Boolean(cursor.stale) || isForeign(cursor, session);
}

/** Have so many rows changed since the snapshot that a newer one is cheaper to open? @param {Context} ctx @param {string} part */
async function outgrown(ctx, part) {
  const cursor = await ctx.cache.cursor(part);
  return cursor !== undefined && part !== GROUP && cursor.seq - cursor.base > MOST_CHANGED;
}

/** Brings every snapshot that is missing or outgrown; one that the server cannot give now keeps none of the others.
 * @param {Context} ctx @param {any} session @returns {Promise<boolean>} was any brought? */
export async function fetchSnapshots(ctx, session) {
  let any = false;
  /** @type {unknown[]} */
  const failures = [];
  for (const part of session.scope) {
    try {
      if (!(await needsDownload(ctx, session, part)) && !(await outgrown(ctx, part))) continue;
      await download(ctx, session, part);
      any = true;
    } catch (error) {
      failures.push(error);
      if (!(error instanceof WireError) || error.code === "offline") break;
    }
  }
  if (failures.length) throw failures[0];
  return any;
}

/**
 * Brings the current snapshot of a partition. Work and directory are usable before the rest is there.
 * @param {Context} ctx @param {any} session @param {string} part
 */
async function download(ctx, session, part) {
  const manifest = await ctx.wire.snapshot(part, session.token);
  if (manifest.key_id !== session.keys[part]?.id) await ctx.renewKeys(session);
  const here = await ctx.cache.chunkNames(part);
  const cursor = await ctx.cache.cursor(part);
  const first = !cursor?.complete || cursor.key_id !== manifest.key_id;
  const progress = makeProgress(ctx, manifest.chunks);
  /** @type {Chunk[]} */
  const missing = manifest.chunks.filter((/** @type {Chunk} */ chunk) => !here.has(chunk.name));
  for (const chunk of manifest.chunks) if (here.has(chunk.name)) progress(chunk);
  const [hot, rest] = [true, false].map((is) => missing.filter(({ kind }) => HOT.includes(kind) === is));
  const got = await inParallel(hot, (chunk) => fetchChunk(ctx, session, chunk));
  if (got.length) await ctx.cache.putChunks(part, got);
  for (const { chunk } of got) progress(chunk);
  if (first && rest.length) {
    await ctx.cache.install(part, manifest, false);
    ctx.changed();
    await ctx.shown(); // today's work first: history would only make it wait
  }
  await inParallel(rest, async (chunk) => {
    await ctx.cache.putChunks(part, [await fetchChunk(ctx, session, chunk)]);
    progress(chunk);
  });
  await ctx.cache.install(part, manifest, true);
  ctx.changed();
}

/** Tells how much is here, chunk by chunk. @param {Context} ctx @param {Chunk[]} chunks @returns {(chunk: Chunk) => void} */
function makeProgress(ctx, chunks) {
  const total = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  let done = 0;
  return ({ kind, bytes }) => {
    done += bytes;
    ctx.tell("downloading", total ? (100 * done) / total : 100, PHASES[kind]);
  };
}

/**
 * Works on several at once; what was begun is finished before a failure is told, so that nothing goes on behind it.
 * @template T, R @param {T[]} items @param {(item: T) => Promise<R>} work @returns {Promise<R[]>}
 */
async function inParallel(items, work) {
  /** @type {R[]} */
  const results = [];
  let next = 0;
  /** @type {unknown[]} */
  const failures = [];
  const lane = async () => {
    while (next < items.length && !failures.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  const lanes = Array.from({ length: LANES }, () => lane().catch((error) => failures.push(error)));
  await Promise.all(lanes);
  if (failures.length) throw failures[0];
  return results;
}

/** @param {Context} ctx @param {any} session @param {Chunk} chunk @returns {Promise<{chunk: Chunk, bytes: Uint8Array}>} */
async function fetchChunk(ctx, session, chunk) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const bytes = await ctx.wire.chunk(chunk.url, session.token);
    if ((await sha256(bytes)) === chunk.sha256) return { chunk, bytes };
  }
  throw new WireError("offline", "下载的内容不完整，稍后会接着下载。");
}
