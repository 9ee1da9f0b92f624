// Why it exists: the sync state is told in the same words in the bar and in its panel.
import { countText, dayOf, dayText, timeText } from "../lib/format.js";
import { T } from "../lib/texts.js";

/** @typedef {import("./types.js").SyncState} SyncState */

/** @param {string} at @param {string | number} now */
export const syncedAt = (at, now) => (dayOf(at) === dayOf(now) ? timeText(at) : `${dayText(at, now)} ${timeText(at)}`);

/**
 * 「已同步 10:24」「离线，待上传 3 条、2 个附件」「正在下载 62%」「1 条待处理」.
 * @param {SyncState | null | undefined} state @param {string | number} [now]
 * @returns {{level: "" | "late" | "soon" | "done" | "info", icon: string, text: string}}
 */
export function syncWords(state, now = Date.now()) {
  if (!state) return { level: "", icon: "cloud", text: T.sync.never };
  const { sync, pending, parked, pending_blobs: files = 0, refused_blobs: refused = 0 } = state;
  const waiting = pending || files ? T.sync.waiting(pending, files) : "";
  if (parked || refused) {
    const told = [parked ? T.sync.parked(countText(parked)) : "", refused ? T.sync.refusedFiles(countText(refused)) : ""];
    const text = [state.online ? "" : T.sync.offline, ...told].filter(Boolean).join("，");
    return { level: "late", icon: "cloud-alert", text };
  }
  if (!state.online || sync.phase === "offline") {
    return { level: "soon", icon: "cloud-off", text: [T.sync.offline, waiting].filter(Boolean).join("，") };
  }
  if (sync.phase === "error") {
    return { level: "soon", icon: "cloud-alert", text: [T.sync.failed, waiting].filter(Boolean).join("，") };
  }
  if (sync.phase === "downloading") {
    const percent = sync.percent === null ? "" : ` ${Math.floor(sync.percent)}%`;
    return { level: "info", icon: "cloud-download", text: `${T.sync.downloading}${percent}` };
  }
  if (waiting) return { level: "info", icon: "cloud-upload", text: waiting };
  if (sync.phase !== "idle") return { level: "info", icon: "refresh-cw", text: T.sync.working };
  if (!sync.last_at) return { level: "", icon: "cloud", text: T.sync.never };
  return { level: "done", icon: "cloud-check", text: T.sync.done(syncedAt(sync.last_at, now)) };
}
