// Why it exists: the sync state is told in the same words in the bar and in its panel.
import { countText, dayOf, dayText, timeText } from "../lib/format.js";
import { T } from "../lib/texts.js";

/** @typedef {import("./types.js").SyncState} SyncState */

/** @param {string} at @param {string | number} now */
export const syncedAt = (at, now) => (dayOf(at) === dayOf(now) ? timeText(at) : `${dayText(at, now)} ${timeText(at)}`);

const FAILED = ["error", "stalled", "offline"];
const LATE_MS = 24 * 3_600_000;

/** Does unsent work wait for longer than a day? @param {SyncState | null | undefined} state @param {string | number} [now] */
export const isLate = (state, now = Date.now()) =>
  Boolean(state?.oldest_at) && new Date(now).getTime() - Date.parse(state?.oldest_at ?? "") > LATE_MS;

/** Are the chosen branch's data not on this tablet, nor on their way? Then "nothing to do" would not be true.
 * @param {any} state of `app.state()` */
export function isAbsent(state) {
  if (!state?.branch || state.loaded !== false || state.sync.phase === "downloading") return false;
  const { phase, last_at } = state.sync;
  return !state.online || FAILED.includes(phase) || (phase === "idle" && last_at !== null); // before the first sync they may come
}

/**
 * 「已同步 10:24」「离线，待上传 3 条、2 个附件」「正在下载 62%」「1 条待处理」.
 * @param {SyncState | null | undefined} state @param {string | number} [now]
 * @returns {{level: "" | "late" | "soon" | "done" | "info", icon: string, text: string}}
 */
export function syncWords(state, now = Date.now()) {
  if (!state) return { level: "", icon: "cloud", text: T.sync.never };
  if (state.practice) return { level: "info", icon: "graduation-cap", text: T.sync.practice };
  const { sync, pending, parked, pending_blobs: files = 0, refused_blobs: refused = 0 } = state;
  const late = isLate(state, now);
  const unsent = pending || files ? T.sync.waiting(pending, files) : "";
  const waiting = late ? T.sync.late(countText(pending)) : unsent;
  if (parked || refused) {
    const told = [parked ? T.sync.parked(countText(parked)) : "", refused ? T.sync.refusedFiles(countText(refused)) : ""];
    const text = [state.online ? "" : T.sync.offline, ...told].filter(Boolean).join("，");
    return { level: "late", icon: "cloud-alert", text };
  }
  if (!state.online || sync.phase === "offline") {
    return { level: late ? "late" : "soon", icon: "cloud-off", text: [T.sync.offline, waiting].filter(Boolean).join("，") };
  }
  if (sync.phase === "error" || sync.phase === "stalled") {
    const said = sync.phase === "error" ? T.sync.failed : T.sync.stalled;
    return { level: late ? "late" : "soon", icon: "cloud-alert", text: [said, waiting].filter(Boolean).join("，") };
  }
  if (sync.phase === "downloading") {
    const percent = sync.percent === null ? "" : ` ${Math.floor(sync.percent)}%`;
    return { level: "info", icon: "cloud-download", text: `${T.sync.downloading}${percent}` };
  }
  if (waiting) return { level: late ? "late" : "info", icon: "cloud-upload", text: waiting };
  if (sync.phase !== "idle") return { level: "info", icon: "refresh-cw", text: T.sync.working };
  if (!sync.last_at) return { level: "", icon: "cloud", text: T.sync.never };
  return { level: "done", icon: "cloud-check", text: T.sync.done(syncedAt(sync.last_at, now)) };
}
