// Why it exists: every function that a page may call, in one list; each one is asynchronous on the page's side.

import { contactGate } from "../domain/gate.js";
import { formatInstant } from "../domain/timing.js";
import { fillings } from "../store/fillings.js";
import * as meta from "../store/meta.js";
import { placesOf, settle } from "../store/results.js";
import { GROUP, partOf } from "../lib/partitions.js";
import { serverMs } from "./cycle.js";
import { exportUnsent } from "./export.js";
import { formPayload } from "./forms.js";
import { handoversSince } from "./handovers.js";
import { outbox } from "./outbox.js";
import { makeRecent } from "./recent.js";
import { today } from "./today.js";

/**
 * @param {object} given
 * @param {import("./cycle.js").Context} given.ctx @param {import("./workspace.js").Workspace} given.desk
 * @param {ReturnType<typeof import("./access.js").makeAccess>} given.access
 * @param {ReturnType<typeof import("./status.js").makeStatus>} given.status
 * @param {ReturnType<typeof import("./attachments.js").makeAttachments>} given.attachments
 * @param {ReturnType<typeof import("./blobs.js").makeBlobQueue>} given.queue
 * @param {() => Promise<void>} given.syncNow @param {() => void} given.saved
 */
export function makeApi({ ctx, desk, access, status, attachments, queue, syncNow, saved }) {
  const { journal, now } = ctx;
  /** A draft is sealed for the branch it was written in. */
  const draftPart = () => (desk.branch ? partOf(desk.branch) : GROUP);
  const recent = makeRecent(journal, desk);
  return {
    state: () => status.state(),
    subscribe: status.subscribe,
    /** @param {import("./login.js").Who} who */
    async login(who) {
      await access.login(who);
      return status.state();
    },
    /** @param {{id: string, pin: string}} who */
    async unlock(who) {
      await access.unlock(who);
      return status.state();
    },
    set_pin: access.setPin,
    lock: access.lock,
    logout: access.logout,
    use_branch: access.useBranch,

    /** Syncs now, refused ops included. */
    async sync_now() {
      await syncNow();
      return status.state();
    },

    schema: async () => desk.schema,
    /** @param {string} kind */
    ref: async (kind) => desk.ref(kind),
    staff: async () => desk.ref("staff"),
    today: async () => today(desk, now()),
    /** @param {string} from date @returns {ReturnType<typeof handoversSince>} */
    handovers: (from) => handoversSince(desk, from),
    /** For the pages that work only with the network: they ask the server themselves. @returns {Promise<string | null>} */
    token: async () => (await ctx.session())?.token ?? null,
    complaints: async () => desk.space.view.complaints(),
    /** @param {string} id */
    async complaint(id) {
      const { view } = desk.space;
      const found = await view.complaint(id);
      const { vehicle_id, customer_id } = found?.complaint ?? {};
      return found && { ...found, fillings: await fillings(view, [vehicle_id, customer_id]) };
    },

    /** What was filled in differently in the group's own records: people, branches, rules. */
    async group_fillings() {
      const { view } = desk.group;
      return fillings(view, view.docs("conflict").map((doc) => doc.record_id));
    },

    /** @param {string} text @param {number} [limit] */
    async search(text, limit = 20) {
      const { view, part } = desk.space;
      return part.directory.search(text, limit).map(({ line, match }) => ({ ...view.brief(line[0]), match }));
    },
    recent: recent.list,
    /** @param {string} id */
    async file(id) {
      const { view } = desk.space;
      const file = await view.file(id);
      const people = file.people.map((/** @type {any} */ person) => person.id);
      recent.opened(id);
      return { ...file, fillings: await fillings(view, [id, ...people]) };
    },

    /** May this person contact this customer now? (D-G1 … D-G6) @param {{vehicle_id: string, customer_id?: string, channel?: string}} whom */
    async gate({ vehicle_id, customer_id, channel }) {
      const { people, complaints, attempts } = await desk.space.view.file(vehicle_id);
      const customer = people.find((/** @type {any} */ person) => person.id === customer_id) ?? null;
      const [rules, actor] = [desk.ref("rule"), desk.actor(desk.space.part.code)];
      return contactGate({
        schema: desk.schema,
        customer,
        complaints,
        attempts,
        actor,
        rules,
        branch_code: desk.branch,
        now: now(),
        channel,
      });
    },

    /** @param {string} kind @param {any} body @param {any} [base] */
    async save(kind, body, base) {
      const outcome = await desk.save(kind, body, base);
      if (outcome.op_id) saved();
      return outcome;
    },

    ...attachments,
    /** Files that the server does not have yet. */
    kept_blobs: queue.kept,

    /** @param {string} key */
    draft_get: (key) => meta.getDraft(journal, key),
    /** @param {string} key @param {any} value */
    draft_put: (key, value) => meta.putDraft(journal, draftPart(), key, value, now()),
    /** @param {string} key */
    draft_drop: (key) => meta.dropDraft(journal, key),
    drafts: () => meta.allDrafts(journal),
    outbox: () => outbox(journal, desk),
    /** How far ops are, also while nothing opens: `{id: state}` of those that are kept. @param {string[]} ids */
    op_states: async (ids) =>
      Object.fromEntries((await placesOf(journal, ids)).map(({ id, state }) => [id, state])),
    export_unsent: () => exportUnsent(journal, now()),
    /** The server settled refused ops by another way than a push. @param {any[]} results */
    async settled(results) {
      await settle(journal, results, formatInstant(serverMs(ctx)));
      ctx.changed();
      saved();
    },
    /** @param {string} form @param {any} [args] */
    form_payload: (form, args = {}) => formPayload(desk, form, args, now()),
  };
}
