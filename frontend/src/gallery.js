// Why it exists: shows every part in every state, so that looks and access are judged without a server;
// `?screen=today` (and others) shows whole screens made of the parts.
import { html, render } from "../vendor/lit.js";
import "./parts/index.js";
import { formSection, problemSection } from "./pages/gallery/forms.js";
import { callScreen, screens } from "./pages/gallery/screens.js";
import { chipSection, listSection, stateSection, storySection } from "./pages/gallery/sections.js";
import { answerSection, overlaySection } from "./pages/gallery/talk.js";

/** @typedef {import("./parts/types.js").Schema} Schema */

const SCHEMA = "/schema.json";

/** @param {string} title @param {unknown} body */
const section = (title, body) => html`<section class="stack"><h2 class="t-22">${title}</h2>${body}</section>`;

/** @param {Schema} schema */
const gallery = (schema) => html`<main class="page" id="main">
  <cd-page-head heading="部件一览" note="每个部件的每种状态；深色模式跟随系统。"></cd-page-head>
  ${section("车牌、期限、徽标、按钮", chipSection())} ${section("列表", listSection())}
  ${section("表单", formSection(schema))} ${section("表单出错", problemSection(schema))}
  ${section("通话", answerSection())} ${section("时间线与签名", storySection())}
  ${section("空、离线、出错、太多", stateSection(schema))} ${section("弹窗与提示", overlaySection())}
  <cd-toast></cd-toast>
</main>`;

async function start() {
  const { default: schema } = await import(SCHEMA, { with: { type: "json" } });
  const root = document.getElementById("app");
  if (!root) return;
  root.replaceChildren();
  const name = new URLSearchParams(location.search).get("screen") ?? "";
  const draw = () => render(name === "call" ? callScreen(draw) : (screens[name]?.(schema) ?? gallery(schema)), root);
  draw();
  root.dataset.ready = "yes";
}

void start();
