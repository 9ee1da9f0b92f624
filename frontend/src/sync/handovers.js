// Why it exists: a hand-over is compared with what was really imported for its day (D-H1, D-H2), also without network.

import { addDays, localDate } from "../domain/timing.js";

/** The day a record counts for, and as which kind of hand-over. @type {Record<string, (doc: any) => [string, string]>} */
const COUNTED = {
  delivery: (doc) => [doc.delivered_on, "delivery"],
  repair_order: (doc) => [localDate(doc.out_at), "repair"],
};

/**
 * Hand-overs and the imported records since a day, as far as this tablet has them.
 * @param {import("./workspace.js").Workspace} desk @param {string} from date
 * @returns {Promise<{handovers: any[], imported: Record<string, Record<string, number>>}>} newest first; date → kind → number
 */
export async function handoversSince(desk, from) {
  const { view, part } = desk.space;
  /** @type {Record<string, Record<string, number>>} */
  const imported = {};
  for (const [, kind, , , doc] of (await part.everything(addDays(from, -1))).values()) {
    const [date, of] = (doc && COUNTED[kind]?.(doc)) ?? ["", ""];
    if (date < from) continue;
    imported[date] ??= {};
    imported[date][of] = (imported[date][of] ?? 0) + 1;
  }
  const recent = view.docs("handover").filter(({ date }) => date >= from);
  return { handovers: recent.sort((a, b) => b.date.localeCompare(a.date)), imported };
}
