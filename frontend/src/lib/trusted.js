// Why it exists: the one place that may turn text into script addresses or documents (Trusted Types policy `chedang`);
// everything else on a page is refused by the content security policy.

const SCRIPTS = ["/src/worker.js", "/sw.js"];

// All that the forms' templates use, as in `exports/render.py`; the rest of a document is dropped.
const ELEMENTS = new Set(
  "html head meta title body div span b p h1 h2 h3 table caption colgroup col thead tbody tfoot tr th td svg path".split(" "),
);
const ATTRIBUTES = new Set(
  ("class lang charset colspan rowspan viewBox width height role aria-label d fill stroke stroke-width " +
    "stroke-linecap stroke-linejoin shape-rendering").split(" "),
);

const policy = window.trustedTypes?.createPolicy("chedang", {
  createScriptURL: ownScript,
  createHTML: (/** @type {string} */ html) => html,
});

/** @param {string} path @returns {string} @throws {TypeError} not one of our two scripts */
function ownScript(path) {
  if (!SCRIPTS.includes(path)) throw new TypeError(`not our script: ${path}`);
  return path;
}

/** @param {string} path @returns {any} a TrustedScriptURL, where the browser knows them */
const script = (path) => (policy ? policy.createScriptURL(path) : ownScript(path));

/** The address of the worker that owns store and sync, for `new Worker(workerUrl(), { type: "module" })`. */
export const workerUrl = () => script("/src/worker.js");

/** The address of the service worker, for `navigator.serviceWorker.register(…)`. */
export const serviceWorkerUrl = () => script("/sw.js");

/**
 * A rendered form as an inert document that holds nothing but the elements and attributes our templates use.
 * @param {string} html from `forms/engine.js` @returns {Document}
 */
export function formDocument(html) {
  /** @type {any} */
  const trusted = policy ? policy.createHTML(html) : html;
  const parsed = new DOMParser().parseFromString(trusted, "text/html");
  for (const element of parsed.querySelectorAll("*")) {
    if (!ELEMENTS.has(element.localName)) element.remove();
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
  }
  return parsed;
}
