// Why it exists: a revoked tablet says what is happening to it, and shows nothing else any more (TRUST, Revocation).
import { onChange } from "../lib/app.js";

const WORDS = {
  wiping: ["这台平板已被停用", "正在把没上传的内容交回服务器，请保持联网；交回后会清除本机数据。"],
  wiped: ["这台平板已被停用，数据已清除", "没上传的内容已交回服务器，由主管核对。要再使用这台平板，请向主管要一个登记码，然后重新打开。"],
};

/** Replaces everything on the screen. @param {"wiping" | "wiped"} phase */
export function showRetired(phase) {
  const [heading, text] = WORDS[phase];
  const [title, words] = [document.createElement("h1"), document.createElement("p")];
  Object.assign(title, { className: "t-22", textContent: heading });
  Object.assign(words, { className: "muted", textContent: text });
  const place = Object.assign(document.createElement("main"), { className: "login stack retired" });
  place.setAttribute("role", "alert");
  place.append(title, words);
  if (phase === "wiped") {
    const again = { className: "btn btn-primary", type: "button", textContent: "重新打开", onclick: () => location.assign("/") };
    place.append(Object.assign(document.createElement("button"), again));
  }
  document.getElementById("app")?.replaceChildren(place);
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
