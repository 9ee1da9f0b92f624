// Why it exists: prints a paper form without network: the same template, stylesheet and payload as the server's PDF,
// laid out by the browser. Address: `/print.html?form=<form>[&id=…|&from=…&to=…|&questionnaire=…]`; none = blank sheet.

import { makeEngine } from "../forms/engine.js";
import { askForSheet, onLock } from "../lib/sheet-channel.js";
import { formDocument } from "../lib/trusted.js";
import { readTemplates } from "./source.js";

const TEXTS = {
  ready: "核对无误后打印；打印时请选 A4 纸、缩放 100%。",
  locked: "车档已锁定，表单已收起；解锁后请再打开一次。",
  failed: "表单没有准备好，请返回后再试一次。",
};
const ARGUMENTS = ["id", "from", "to", "questionnaire"];

/** @param {string} id @returns {any} an element of print.html */
const part = (id) => document.getElementById(id);

/** Which form and which record the address names. */
function wanted() {
  const query = new URLSearchParams(location.search);
  const given = ARGUMENTS.filter((name) => query.has(name)).map((name) => [name, query.get(name)]);
  return { form: query.get("form") ?? "", args: Object.fromEntries(given) };
}

/** The form as an inert document. @returns {Promise<Document>} */
async function prepare() {
  const { form, args } = wanted();
  const [{ payload, schema }, templates] = await Promise.all([askForSheet(form, args), readTemplates()]);
  return formDocument(makeEngine(schema, templates)(form, payload));
}

/** @param {Document} sheet */
async function show(sheet) {
  document.title = sheet.title.trim();
  document.body.className = sheet.body.className;
  part("paper").replaceChildren(...[...sheet.body.childNodes].map((node) => document.importNode(node, true)));
  await document.fonts.ready;
  part("state").textContent = TEXTS.ready;
  part("print").disabled = false;
  part("print").focus();
}

/** Back to where the sheet was asked for: a tab of its own closes, else the previous page comes back. */
function leave() {
  if (history.length > 1) return history.back();
  window.close();
  location.assign("/");
}

/** The tablet was locked elsewhere: the sheet goes, too. */
function clear() {
  part("paper").replaceChildren();
  part("print").disabled = true;
  document.title = "打印 · 车档";
  part("state").textContent = TEXTS.locked;
}

onLock(clear);
part("back").addEventListener("click", leave);
part("print").addEventListener("click", () => window.print());
prepare().then(show).catch((error) => {
  part("state").textContent = typeof error?.code === "string" && error.message ? error.message : TEXTS.failed;
  part("state").className = "failed";
});
