// Why it exists: what could cost data is said without being asked, once after each start: work that waits too long for the
// network, and a tablet that may throw away what it keeps.
import { wantsHomeScreen } from "../lib/home-screen.js";
import { T } from "../lib/texts.js";
import { toast } from "../parts/cd-toast.js";
import { isLate } from "../parts/sync-words.js";
import { session } from "./session.js";

let told = false;

/** @param {() => void} open shows the details */
export function nag(open) {
  const state = /** @type {any} */ (session.state);
  const texts = [isLate(state) ? T.sync.lateNote : "", wantsHomeScreen() ? T.sync.homeScreen : ""].filter(Boolean);
  if (told || !texts.length) return;
  told = true;
  toast(texts.join(""), { level: "late", stay: true, action: "查看", run: open });
}
