// Why it exists: what the app hands out as a file goes through the browser's downloads, in one way.

import { app } from "./app.js";
import { closeUrl, openUrl } from "./object-urls.js";

const KEPT_MS = 120_000;

/** @param {string} name @param {Blob} blob */
export function saveFile(name, blob) {
  const link = document.createElement("a");
  link.href = openUrl(blob);
  link.download = name;
  link.click();
  setTimeout(() => closeUrl(link.href), KEPT_MS);
}

/** The unsent ops as they lie on this tablet, sealed, for handing in by another way than the network. */
export async function exportUnsent() {
  const { name, content } = await app.export_unsent();
  saveFile(name, new Blob([JSON.stringify(content)], { type: "application/json" }));
}
