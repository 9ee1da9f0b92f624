// Why it exists: the first download of a branch, and every later exchange of its snapshot: chunks are stored as they come,
// resumed by name after any interruption, and count only once the flag and the cursor are written (SYNC.md, Snapshot).

import { sha256 } from "../store/codec.js";
import { WireError } from "./wire.js";

/** @typedef {import("./cycle.js").Context} Context @typedef {import("../store/cache.js").Chunk} Chunk */

const PHASES = { work: "正在下载待办事项", directory: "正在下载车辆目录", segment: "正在下载车辆档案" };
const HOT = ["work", "directory"];
const TRIES = 2;
const MOST_CHANGED = 3_000;

/** Does this partition need its snapshot? @param {Context} ctx @param {string} part */
export async function needsDownload(ctx, part) {
  if (part === "GRP") return false;
  const cursor = await ctx.cache.cursor(part);
  return !cursor?.complete || Boolean(cursor.stale);
}

/** Have so many rows changed since the snapshot that a newer one is cheaper to open? @param {Context} ctx @param {string} part */
export async function outgrown(ctx, part) {
  const cursor = await ctx.cache.cursor(part);
  return cursor !== undefined && part !== "GRP" && cursor.seq - cursor.base > MOST_CHANGED;
}

/**
 * Brings the current snapshot of a partition. Work and directory are usable before the rest is there.
 * @param {Context} ctx @param {any} session @param {string} part
 */
export async function download(ctx, session, part) {
  const manifest = await ctx.wire.snapshot(part, session.token);
  const here = await ctx.cache.chunkNames(part);
  const total = manifest.chunks.reduce(
    (/** @type {number} */ sum, /** @type {Chunk} */ chunk) => sum + chunk.bytes,
    0,
  );
  const first = !(await ctx.cache.cursor(part))?.complete;
  let [done, shown] = [0, false];
  for (const chunk of manifest.chunks) {
    if (first && !shown && !HOT.includes(chunk.kind)) {
      await ctx.cache.install(part, manifest, false);
      ctx.changed();
      shown = true;
    }
    const percent = total ? (100 * done) / total : 100;
    ctx.tell("downloading", percent, PHASES[/** @type {keyof typeof PHASES} */ (chunk.kind)]);
    if (!here.has(chunk.name)) await fetchChunk(ctx, session, part, chunk);
    done += chunk.bytes;
  }
  await ctx.cache.install(part, manifest, true);
  ctx.changed();
}

/** @param {Context} ctx @param {any} session @param {string} part @param {Chunk} chunk */
async function fetchChunk(ctx, session, part, chunk) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const bytes = await ctx.wire.chunk(chunk.url, session.token);
    if ((await sha256(bytes)) === chunk.sha256) return ctx.cache.putChunk(part, chunk, bytes);
  }
  throw new WireError("offline", "下载的内容不完整，稍后会接着下载。");
}
