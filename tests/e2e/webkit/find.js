// Why it exists: finds elements as the walk names them (role and name, label, text), where WebDriver knows only CSS.
// Each step narrows what the one before found. The driver runs this file, then `findAll(steps)`.

const ROLES = {
  button: "button, [role=button], input[type=button], input[type=submit]",
  link: "a[href]",
  searchbox: "input[type=search]",
  textbox: "input:not([type]), input[type=text], input[type=tel], input[type=password], textarea",
  radio: "input[type=radio], [role=radio]",
  group: "fieldset, [role=group]",
  region: "[role=region], section[aria-label], section[aria-labelledby]",
  navigation: "nav",
  dialog: "dialog, [role=dialog]",
};
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim().toLowerCase();

function spoken(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
  return [...node.childNodes].map(spoken).join("");
}

function nameOf(element) {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const own = element.getAttribute("aria-label");
  if (own) return own;
  if (element.labels?.length) return [...element.labels].map(spoken).join(" ");
  if (element.tagName === "FIELDSET") return element.querySelector("legend")?.textContent ?? "";
  return spoken(element) || element.title;
}

function matches(text, wanted, exact) {
  return exact ? plain(text) === plain(wanted) : plain(text).includes(plain(wanted));
}

const FINDERS = {
  css(from, { value }) {
    const visible = value.endsWith(":visible");
    const found = [...from.querySelectorAll(visible ? value.slice(0, -":visible".length) : value)];
    return visible ? found.filter((one) => one.checkVisibility()) : found;
  },
  role(from, { value, name, pattern, exact }) {
    const found = [...from.querySelectorAll(ROLES[value])].filter((one) => one.checkVisibility());
    if (pattern) return found.filter((one) => new RegExp(pattern).test(nameOf(one).trim()));
    return found.filter((one) => !name || matches(nameOf(one), name, exact));
  },
  label(from, { value }) {
    const found = [...from.querySelectorAll("input, select, textarea, [aria-label]")];
    return found.filter((one) => matches(nameOf(one), value, false));
  },
};

/** @param {any[]} steps @returns {Element[]} */
globalThis.findAll = (steps) => {
  let found = [document];
  for (const step of steps) {
    if (step.kind === "nth") found = found.slice(step.value, step.value === -1 ? undefined : step.value + 1);
    else if (step.kind === "text") found = found.filter((one) => matches(one.textContent, step.value, false));
    else if (step.kind === "or") found = [...new Set([...found, ...globalThis.findAll(step.value)])];
    else found = [...new Set(found.flatMap((one) => FINDERS[step.kind](one, step)))];
  }
  return found;
};
