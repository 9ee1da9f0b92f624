// Why it exists: lets the app open without network. One cache per version, filled whole before the version may be used;
// it waits until the page says that no form is open, and old versions are deleted only then. Data never passes here.
// The server writes the version into the last line: a browser may end a worker at any moment, in `activate` too, so
// nothing that `answer` needs may be noted elsewhere.

/// <reference lib="webworker" />

const PREFIX = "chedang-";
const LIST = "/precache.json";
const PAGES = ["/print.html", "/gallery.html"];
const NETWORK_ONLY = /^\/(api\/|healthz|metrics|sw\.js|precache\.json)/;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** The cache of this worker's version. */
const own = () => PREFIX + /** @type {any} */ (worker).version;

/** @param {ArrayBuffer} bytes */
async function digest(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A file of the version, from an older cache when it did not change. @param {{url: string, sha256: string}} file */
async function fetched({ url, sha256 }) {
  for (const from of [() => caches.match(url), () => fetch(url, { cache: "no-cache" })]) {
    const answer = await from();
    if (!answer?.ok) continue;
    const body = await answer.arrayBuffer();
    if ((await digest(body)) === sha256) return new Response(body, { headers: answer.headers });
  }
  throw new Error(`${url} is not the file of this version`);
}

async function install() {
  const { version, files } = await (await fetch(LIST, { cache: "no-cache" })).json();
  if (PREFIX + version !== own()) throw new Error("the server has another version by now");
  const cache = await caches.open(own());
  for (const file of files) {
    if (!(await cache.match(file.url))) await cache.put(file.url, await fetched(file));
  }
  if (!(await caches.has(own()))) throw new Error("another version took over meanwhile and cleared up");
}

async function activate() {
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX) && name !== own()) await caches.delete(name);
  await worker.clients.claim();
}

/** @param {Request} request @param {URL} url */
async function answer(request, url) {
  const cache = await caches.open(own());
  const page = request.mode === "navigate" && !PAGES.includes(url.pathname);
  const found = await cache.match(page ? "/index.html" : url.pathname);
  return found ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (
    event.request.method !== "GET" ||
    url.origin !== worker.location.origin ||
    NETWORK_ONLY.test(url.pathname)
  )
    return;
  event.respondWith(answer(event.request, url));
});
