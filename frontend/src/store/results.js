// Why it exists: what the server's answers do to the journal: results, renumbering after a fork, sending again after a
// restore. Each is one transaction, so that a crash leaves either the old queue or the new one (invariants 2, 3, 16).

/** @typedef {import("./journal.js").Journal} Journal @typedef {import("./journal.js").OpState} OpState
 * @typedef {import("./journal.js").Place} Place */

const DEVICE = "device";

/**
 * An op that was parked, or was mended before it held, does not lie over the view: its effects come with the pull.
 * @param {{state: OpState}} row @param {any} result @returns {OpState}
 */
function stateOf(row, result) {
  if (result.status === "parked") return "parked";
  const shows = row.state === "waiting" && !result.settled?.mended;
  return shows && Object.keys(result.seqs ?? {}).length ? "acked" : "done";
}

/** @param {string} state */
const isOpen = (state) => state === "waiting" || state === "parked";

/**
 * Stores results by op id; returns how many ops they settled.
 * @param {Journal} journal @param {any[]} results @param {string} at @param {Place[]} [asked] the ops they answer, if known
 */
export async function settle(journal, results, at, asked) {
  const answers = new Map(results.map((result) => [result.id, result]));
  const places = (asked ?? (await placesOf(journal, [...answers.keys()]))).filter(({ id }) => answers.has(id));
  const sealed = await Promise.all(places.map((place) => answered(journal, place, answers.get(place.id), at)));
  return journal.db.run(
    ["ops"],
    "readwrite",
    async (tx) => {
      const ops = tx.objectStore("ops");
      const found = await Promise.all(sealed.map(({ k }) => ops.get(k)));
      const open = sealed.flatMap(({ result, ...answer }, i) =>
        isOpen(found[i]?.state) ? [{ ...found[i], ...answer, state: stateOf(found[i], result) }] : [],
      );
      await Promise.all(open.map((row) => ops.put(row)));
      return open.length;
    },
    "strict",
  );
}

/** @param {Journal} journal @param {string[]} ids of ops @returns {Promise<Place[]>} the rows of those that are here */
export const placesOf = (journal, ids) =>
  journal.db.run(["ops"], "readonly", async (tx) => {
    const rows = await Promise.all(ids.map((id) => tx.objectStore("ops").index("id").get(id)));
    return rows.filter(Boolean);
  });

/** What an answer changes in a row; where the effects lie stays readable, the rest is sealed.
 * @param {Journal} journal @param {Place} place @param {any} answer @param {string} at */
async function answered(journal, { k, id, part }, { n: _n, ...result }, at) {
  const outcome = await journal.vault.seal(part, "results", id, result);
  return { k, result, seqs: result.seqs ?? {}, outcome, acked_at: at };
}

/**
 * Lets ops go whose effects have been pulled; `cursors` is `{part: seq}` of the parts this tablet follows (invariant 11).
 * @param {Journal} journal @param {Record<string, number>} cursors @returns {Promise<number>} how many went
 */
export function release(journal, cursors) {
  const isPulled = (/** @type {[string, any]} */ [part, seq]) => !(part in cursors) || cursors[part] >= seq;
  return journal.db.run(["ops"], "readwrite", async (tx) => {
    const ops = tx.objectStore("ops");
    const acked = await ops.index("state").getAll("acked");
    const pulled = acked.filter((row) => Object.entries(row.seqs).every(isPulled));
    for (const row of pulled) await ops.put({ ...row, state: "done" });
    return pulled.length;
  });
}

/**
 * Gives every op without a final answer a new number on a new device identity, keeping op ids and order (sync.fork); a
 * refused one is asked about again under it.
 * @param {Journal} journal @param {string} id of the new device
 */
export function fork(journal, id) {
  return journal.db.run(
    ["ops", "meta"],
    "readwrite",
    async (tx) => {
      const ops = tx.objectStore("ops");
      let n = 0;
      const [waiting, parked] = [
        await ops.index("state").getAll("waiting"),
        await ops.index("state").getAll("parked"),
      ];
      for (const row of [...waiting, ...parked].sort((a, b) => a.k - b.k)) {
        n += 1;
        await ops.put({ ...row, device: id, n, state: "waiting" });
      }
      const device = await tx.objectStore("meta").get(DEVICE);
      await tx.objectStore("meta").put({ ...device, id, last_n: n });
    },
    "strict",
  );
}

/**
 * Puts answered ops back into the queue: those from number `from` (sync.gap), or all that are kept (another epoch).
 * Returns false when the queue cannot begin where the server expects it, so that a fork is due.
 * @param {Journal} journal @param {{from?: number}} [which] @returns {Promise<boolean>}
 */
export function resend(journal, { from } = {}) {
  return journal.db.run(
    ["ops", "meta"],
    "readwrite",
    async (tx) => {
      const ops = tx.objectStore("ops");
      const device = await tx.objectStore("meta").get(DEVICE);
      for (const row of await ops.getAll()) {
        if (row.state === "waiting") continue;
        if (from === undefined || (row.device === device.id && row.n >= from))
          await ops.put({ ...row, state: "waiting" });
      }
      const waiting = await ops.index("state").getAll("waiting");
      const begins = from === undefined || waiting.length === 0 || waiting.some((row) => row.n === from);
      return begins && waiting.every((row) => row.device === device.id);
    },
    "strict",
  );
}

/** Forgets ops whose effects were pulled and whose answer is older than `before`. @param {Journal} journal @param {string} before */
export function prune(journal, before) {
  return journal.db.run(["ops"], "readwrite", async (tx) => {
    for (const row of await tx.objectStore("ops").index("state").getAll("done")) {
      if (row.acked_at < before) await tx.objectStore("ops").delete(row.k);
    }
  });
}
