// Why it exists: what the machine can ask of an opened app, by name: what people do, and looks at what the tablet holds.
import { canonical } from "../../../frontend/src/domain/canonical.js";
import { random } from "../people.mjs";
import { someOp } from "./acts.mjs";

const FACTS = ["attempt", "complaint", "complaint_step", "handover", "attachment"];
/** What each tablet was promised: op id → `{kind, part, changes}`; it outlives the tabs. @type {Map<string, Map<string, any>>} */
export const promised = new Map();

function promisesOf(tab) {
  if (!promised.has(tab.tablet)) promised.set(tab.tablet, new Map());
  return promised.get(tab.tablet);
}

/** A tablet may see by itself that an op is not acceptable, and a full disk refuses; anything else is a bug. */
function refusedOnly(error) {
  if (typeof error.code !== "string" || error.code.startsWith("sync.")) throw error;
  return { op_id: null, refused: error.code };
}

async function act({ app, ...tab }, { dice, together }) {
  const { user } = await app.state();
  const { ctx } = app.inside;
  const op = user && (await someOp(app, random(dice), user, ctx.now(), together));
  if (!op) return null;
  const attached = op[0] === "attach";
  const outcome = await (attached ? app.attach(op[1], op[2]) : app.save(...op)).catch(refusedOnly);
  if (outcome.refused) return { refused: outcome.refused };
  if (outcome.op_id === null) return null;
  const of = attached ? ({ op: { body } }) => body.attachment?.id === outcome.id : ({ id }) => id === outcome.op_id;
  const entry = (await app.inside.journal.all()).find(of);
  if (!entry) return { id: outcome.op_id ?? outcome.id, kind: op[0], part: "", sha256: null }; // saved, and not there
  const { id, kind, part } = entry.op;
  const changes = attached ? [{ kind: "attachment", id: outcome.id, doc: outcome }] : outcome.decision.changes;
  promisesOf(tab).set(id, { kind, part, changes });
  return { id, kind, part, sha256: outcome.sha256 ?? null };
}

/** Is what a tab shows of a partition still in the cache? Else it was evicted, or replaced just now. */
const isKept = async ({ inside }, { code, cursor }) => (await inside.cache.cursor(code))?.life === (cursor?.life ?? null);

/** One's own facts that the view does not show, and that are not shown as refused (invariant 11). */
async function vanished(tab) {
  const { app } = tab;
  if (!app.inside.desk.session) return [];
  const refused = new Set(
    (await app.outbox()).filter(({ problems }) => problems.length).map(({ id }) => id),
  );
  const lost = [];
  for (const [id, { part, changes }] of promisesOf(tab)) {
    const space = app.inside.desk.spaces.get(part);
    if (refused.has(id) || !space?.part.cursor?.complete || !(await isKept(app, space.part))) continue;
    for (const { kind, id: record, doc } of changes.filter((change) => FACTS.includes(change.kind))) {
      const known = space.overlay.get(kind, record);
      const shown = known ?? (await space.part.find(kind, record, [doc.vehicle_id].filter(Boolean)));
      if (!shown) lost.push([id, kind, record]);
    }
  }
  return lost;
}

/** What the tablet says and holds now. */
async function look(tab) {
  const { app } = tab;
  const { journal, cache, desk, ctx } = app.inside;
  const all = (tx) => tx.objectStore("ops").getAll();
  const [state, places, cursors, session] = [
    await app.state(),
    await journal.db.run(["ops"], "readonly", all),
    await cache.cursors(),
    await ctx.session(),
  ];
  return {
    user: state.user?.id ?? null,
    expired: state.session?.expired ?? null,
    branch: state.branch,
    scope: session?.scope ?? null,
    token: session?.token ?? null,
    device: state.device.id,
    pending: state.pending,
    pending_blobs: state.pending_blobs,
    refused_blobs: state.refused_blobs,
    blobs: (await app.kept_blobs()).map(({ part, sha256 }) => `${part} ${sha256}`),
    phase: state.sync.phase,
    message: state.sync.message,
    ops: places.map((place) => [place.id, place.state, place.device, place.n]),
    waiting_parts: places.filter(({ state: now }) => now === "waiting").map(({ part }) => part),
    cursors: cursors.map(({ chunks: _chunks, ...cursor }) => cursor),
    shown: [...desk.spaces.values()].reduce((sum, space) => sum + space.overlay.shown.size, 0),
    vanished: await vanished(tab),
  };
}

/** Every row the tab shows of each loaded partition: `{part: {epoch, seq, rows: [[seq, kind, id, ver, doc | has ended]]}}`. */
async function rows(tab, { docs = false }) {
  const found = {};
  for (const { part } of tab.app.inside.desk.spaces.values()) {
    const all = [...(await part.everything()).values()];
    const { epoch = null, seq = 0, complete = false, stale = false } = part.cursor ?? {};
    const kept = await isKept(tab.app, part);
    const shown = all.map(([n, kind, id, ver, doc]) => [n, kind, id, ver, docs ? canonical(doc ?? null) : !doc]);
    found[part.code] = { epoch, seq, complete: complete && kept, stale: stale ?? false, rows: shown };
  }
  return found;
}

/** The journal as it is: `[{id, state, device, n, op, h, by, mac, result}]`, op as canonical text. */
async function journal({ app }) {
  const entries = await app.inside.journal.all();
  return entries.map(({ id, state, device, n, op, h, by, mac, result, actor }) => ({
    ...{ id, state, device, n, h, by, mac, author: actor.id },
    ...{ text: canonical(op), result: result ? canonical(result) : null },
  }));
}

/** @type {Record<string, (tab: any, args: any) => Promise<any>>} */
export const FLOWS = {
  act,
  look,
  rows,
  journal,
  login: ({ app }, who) => app.login(who).then(() => null),
  lock: ({ app }) => app.lock(),
  logout: ({ app }) => app.logout(),
  sync: ({ app }) => app.sync_now().then(() => null),
  files: ({ app }) => app.inside.queue.send().then(() => null),
  close: ({ app }) => app.close(),
};
