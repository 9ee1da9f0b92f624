// Why it exists: a revoked tablet says what is happening to it, and shows nothing else any more (TRUST, Revocation).
import { onChange } from "../lib/app.js";

const WORDS = {
  wiping: ["这台平板已被停用", "正在把没上传的内容交回服务器，请保持联网；交回后会清除本机数据。"],
  wiped: ["这台平板已被停用，数据已清除", "没上传的内容已交回服务器，由主管核对。要再使用这台平板，请向主管要一个登记码，然后重新打开。"],
};

/** @param {string} tag @param {Record<string, string>} properties @param {...Node} children */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Replaces everything on the screen. @param {"wiping" | "wiped"} phase */
export function showRetired(phase) {
  const [heading, text] = WORDS[phase];
  const card = element("div", { className: "login-card stack", role: "alert" });
  card.append(element("h1", { className: "t-22", textContent: heading }), element("p", { textContent: text }));
  if (phase === "wiped") {
    const again = element("button", { className: "btn btn-primary btn-large btn-block", type: "button", textContent: "重新打开" });
    again.addEventListener("click", () => location.assign("/"));
    card.append(again);
  }
  const place = element("main", { className: "login" }, element("div", {}, card));
  document.getElementById("app")?.replaceChildren(element("div", { className: "app app--out" }, place));
}

/** What only a page can take away: the service worker, and small settings. */
async function forget() {
  localStorage.clear();
  sessionStorage.clear();
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((worker) => worker.unregister()));
}

/** Shows the end of this tablet when it comes. */
export function watchRetirement() {
  onChange(({ type }) => {
    if (type === "wiping" || type === "wiped") showRetired(type);
    if (type === "wiped") void forget();
  });
}
