// Why it exists: every place has an address, back works, and the last place returns after a lock (no framework).


/**
 * @typedef {{path: string, tag: string, load: () => Promise<unknown>, title?: string}} Route `path` like `/today/:task`
 * @typedef {{path: string, params: Record<string, string>, query: Record<string, string>, route: Route}} Place
 * @typedef {object} RouterOptions
 * @property {Route[]} routes
 * @property {HTMLElement} outlet the page element is put in here; gets the focus on a change of page
 * @property {string} fallback path for unknown addresses
 * @property {(path: string) => string | null} [guard] another path to go to instead, or null
 * @property {(place: Place) => void} [onChange] after the page element stands
 * @property {(error: unknown, path: string) => void} [onError] when a page module cannot be loaded
 */

/** @type {RouterOptions | null} */
let options = null;
/** @type {Place | null} */
let place = null;
let turn = 0;

/** @param {Route} route @param {string[]} parts @returns {Record<string, string> | null} */
function paramsOf(route, parts) {
  const wanted = route.path.split("/");
  if (wanted.length !== parts.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [i, part] of wanted.entries()) {
    const given = parts[i] ?? "";
    if (part.startsWith(":") && given) params[part.slice(1)] = decodeURIComponent(given);
    else if (part !== given) return null;
  }
  return params;
}

/**
 * The route of a path; a literal segment beats a parameter whatever the order of the table.
 * @param {Route[]} routes @param {string} path with or without a query
 * @returns {Place | null}
 */
export function matchPath(routes, path) {
  const url = new URL(path, "http://local");
  const parts = url.pathname.replace(/(.)\/+$/, "$1").split("/");
  const query = Object.fromEntries(url.searchParams);
  const found = routes.flatMap((route) => {
    const params = paramsOf(route, parts);
    return params ? [{ path: url.pathname + url.search, params, query, route }] : [];
  });
  found.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  return found[0] ?? null;
}

/** @returns {Place | null} where the user is */
export const currentPlace = () => place;

/** Goes to a path of the app. @param {string} path @param {{replace?: boolean}} [how] */
export async function navigate(path, { replace = false } = {}) {
  const same = location.pathname + location.search === path;
  const state = { depth: replace || same ? depth() : depth() + 1 };
  history[replace || same ? "replaceState" : "pushState"](state, "", path);
  await show(path);
}

/** @returns {number} how many steps of ours lie behind this one */
const depth = () => (typeof history.state?.depth === "number" ? history.state.depth : 0);

/** One step back; to `fallback` when the app was opened here. @param {string} fallback */
export function goBack(fallback) {
  if (depth() > 0) history.back();
  else void navigate(fallback, { replace: true });
}

/** @param {string} path */
async function show(path) {
  if (!options) return;
  const mine = ++turn;
  const found = matchPath(options.routes, path);
  const instead = found ? options.guard?.(found.path) : options.fallback;
  if (!found || instead) {
    if (instead && instead !== path) await navigate(instead, { replace: true });
    return;
  }
  try {
    await found.route.load();
  } catch (error) {
    options.onError?.(error, path);
    return;
  }
  if (mine === turn) mount(options, found);
}

/** Keeps the element when the tag stays, so a list does not jump. @param {RouterOptions} to @param {Place} found */
function mount(to, found) {
  const old = /** @type {HTMLElement | null} */ (to.outlet.firstElementChild);
  const stays = old?.localName === found.route.tag;
  const page = stays && old ? old : document.createElement(found.route.tag);
  Object.assign(page, { params: found.params, query: found.query });
  if (!stays) to.outlet.replaceChildren(page);
  document.title = [found.route.title, "车档"].filter(Boolean).join(" · ");
  if (!stays && place) to.outlet.focus({ preventScroll: true });
  place = found;
  to.onChange?.(found);
}

/** @param {MouseEvent} event ordinary links inside the app stay inside it */
function onClick(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || !options || !matchPath(options.routes, url.pathname)) return;
  event.preventDefault();
  void navigate(url.pathname + url.search);
}

/** Starts at the present address. @param {RouterOptions} given @returns {Promise<void>} once the first page stands */
export async function startRouter(given) {
  options = given;
  addEventListener("popstate", () => void show(location.pathname + location.search));
  document.addEventListener("click", onClick);
  await navigate(location.pathname + location.search, { replace: true });
}
