// Why it exists: the start: wires the worker, the frame and the router together, and catches what nothing else caught.
import "./parts/index.js";
import { navigate, startRouter } from "./lib/router.js";
import { app, stillborn } from "./lib/app.js";
import { offerSheets } from "./lib/sheet-channel.js";
import { placesFor } from "./parts/cd-nav.js";
import { toast } from "./parts/cd-toast.js";
import { AppShell } from "./pages/shell.js";
import { showRetired, watchRetirement } from "./pages/retired.js";
import { roles, session, startSession } from "./pages/session.js";
import { watchVersion } from "./pages/version.js";

/** @typedef {import("./lib/router.js").Route} Route */

/** A page is fetched when it is first needed. @param {string} path @param {string} file @param {string} title @returns {Route} */
const page = (path, file, title, tag = `page-${file}`) => ({ path, tag, title, load: () => import(`./pages/${file}.js`) });

const routes = [
  page("/login", "login", "登录"),
  page("/today", "today", "今日"),
  page("/today/:task", "today", "今日"),
  page("/call/:task", "call", "回访"),
  page("/files", "files", "车档"),
  page("/files/:vehicle", "files", "车档"),
  page("/complaints", "complaints", "投诉"),
  page("/complaints/new", "complaint-new", "受理投诉"),
  page("/complaints/:id", "complaint-page", "投诉", "page-complaint"),
  page("/parked", "parked", "待处理"),
  page("/scripts", "scripts", "话术"),
  page("/print", "print", "打印"),
  page("/import", "import", "导入"),
  page("/hq", "hq", "总部"),
  page("/hq/scripts", "hq-scripts", "发布话术"),
  page("/admin", "admin", "管理"),
];

/** Screens that show a branch's records: open to whoever has a branch chosen, head office drilling down included. */
const OF_BRANCH = ["/today", "/call", "/files", "/complaints", "/scripts", "/print"];
/** Screens for whoever is signed in. */
const OF_ALL = ["/login", "/parked"];

/** @returns {string} where this person starts */
function home() {
  const places = placesFor(roles());
  const first = places.find(({ key }) => key === "today" || key === "hq") ?? places[0];
  return first?.path ?? "/today";
}

/** Only signed-in people go inside; each sees only the places of their roles. @param {string} path @returns {string | null} */
function guard(path) {
  const [name = ""] = path.split("?");
  const { state } = session;
  if (!state?.session) return name === "/login" ? null : `/login?next=${encodeURIComponent(path)}`;
  if (name === "/" || (name === "/login" && !state.session.expired)) return home();
  const top = `/${name.split("/")[1]}`;
  const may = placesFor(roles()).some((place) => place.path === top) || (state.branch && OF_BRANCH.includes(top));
  return may || OF_ALL.includes(top) || name === home() ? null : home();
}

/** What nobody caught: said once, in words, with the work kept. A refusal of the worker brings its own. @param {any} error */
function broken(error) {
  console.error(error);
  const told = String(error?.code ?? "").startsWith("app.") && error.message;
  toast(told || "刚才的操作没有完成，请再试一次；已存本机的内容不受影响。", { level: "late" });
}

async function start() {
  const shell = new AppShell();
  document.getElementById("app")?.replaceChildren(shell);
  watchRetirement();
  await Promise.race([startSession(), stillborn]);
  if (session.state?.retired) return showRetired("wiping");
  await shell.updateComplete;
  await startRouter({
    routes,
    outlet: shell.outlet,
    fallback: home(),
    guard,
    onChange: (place) => (shell.path = place.path.split("?")[0] ?? "/"),
    onError: () => {
      toast("这一页没能打开，请检查网络后再试。", { level: "late", action: "回到今日", run: () => void navigate("/today") });
    },
  });
  watchVersion();
  offerSheets(
    () => Boolean(session.state?.session),
    async (form, args) => ({ payload: await app.form_payload(form, args), schema: session.schema }),
  );
}

addEventListener("unhandledrejection", (event) => broken(event.reason));
addEventListener("error", (event) => event.error && broken(event.error));
start().catch((error) => {
  console.error(error);
  const [said, again] = [document.createElement("p"), document.createElement("button")];
  said.textContent = "车档没能打开，本机的内容都还在。请点「重新打开」；还是不行，请联网后再试。";
  said.setAttribute("role", "alert");
  Object.assign(again, { className: "btn btn-primary", textContent: "重新打开", onclick: () => location.reload() });
  const place = Object.assign(document.createElement("main"), { className: "login stack" });
  place.append(said, again);
  document.getElementById("app")?.replaceChildren(place);
});
