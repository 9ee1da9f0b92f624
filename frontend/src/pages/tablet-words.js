// Why it exists: a tablet's state reads alike in the list and in its dialog (TRUST, Revocation).
import { countText } from "../lib/format.js";

/** @typedef {import("./session.js").Doc} Doc a row of GET /devices */

/** State: words, level, icon. @type {Record<string, [string, string, string]>} */
export const STATES = {
  active: ["在用", "done", "circle-check"],
  soft: ["待重新登录", "soon", "log-out"],
  wipe: ["待清除", "late", "shield-alert"],
  wiped: ["已清除", "", "shield-check"],
};

/** @type {Record<string, string>} */
const WHAT = { enrolled: "登记", renamed: "改名", soft: "要求重新登录", wipe: "停用并清除", wiped: "本机已清除" };

/** What was done, as the log names it. @param {string} what */
export const whatText = (what) => WHAT[what] ?? what;

/** What a tablet has not handed in yet: 「3 条内容、1 个附件」, "" for nothing. @param {Doc} row */
export function unsent({ pending, pending_blobs: blobs }) {
  return [pending ? `${countText(pending)} 条内容` : "", blobs ? `${countText(blobs)} 个附件` : ""].filter(Boolean).join("、");
}

/** @param {Doc | null} storage `{persisted, usage, quota}` */
export function storageText(storage) {
  if (!storage) return "";
  const kept = storage.persisted ? "已受保护" : "未受保护，可能被系统清理";
  return `${countText(Math.round(storage.usage / 1_048_576))} MB，${kept}`;
}

/** The two ways to shut a tablet out. */
export const WAYS = {
  soft: {
    title: "让它重新登录",
    text: "所有人在这台平板上要重新输入密码；没上传的内容留在平板里，登录后照常上传。",
    done: "下次联网时要重新登录",
  },
  hard: {
    title: "停用并清除",
    text: "适合丢失、被盗或报废的平板。它下次联网时，先把没上传的内容交回「待处理」，再清空本机；再用要重新登记。这一步不能撤回。",
    done: "会在下次联网时清除",
  },
};
