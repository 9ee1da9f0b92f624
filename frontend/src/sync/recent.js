// Why it exists: the files somebody opened last are one tap away; kept for convenience, so nothing waits for it.

import { getMeta, putMeta } from "../store/meta.js";

const MOST = 12;

/** @param {import("../store/journal.js").Journal} journal @param {import("./workspace.js").Workspace} desk */
export function makeRecent(journal, desk) {
  let last = Promise.resolve();
  const keyNow = () => `recent:${desk.branch}`;
  /** @param {string} id @param {string} key */
  async function note(id, key) {
    /** @type {string[]} */
    const before = (await getMeta(journal, key)) ?? [];
    if (before[0] !== id) await putMeta(journal, key, [id, ...before.filter((other) => other !== id)].slice(0, MOST));
  }
  return {
    /** A file was opened; a full disk keeps none closed. @param {string} id of its vehicle */
    opened(id) {
      const key = keyNow();
      last = last.then(() => note(id, key)).catch(() => {});
    },
    /** The last ones of this branch, as the directory has them. */
    async list() {
      await last;
      /** @type {string[]} */
      const ids = (await getMeta(journal, keyNow())) ?? [];
      return ids.map((id) => desk.space.view.brief(id)).filter((brief) => brief.vin);
    },
  };
}
