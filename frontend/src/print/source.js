// Why it exists: reads the Liquid templates beside the app; the service worker keeps them, so this works offline.

import { TEMPLATES } from "../forms/engine.js";

/** @returns {Promise<Record<string, string>>} every template's text by name; rejects when one is missing */
export async function readTemplates() {
  const read = async (/** @type {string} */ name) => {
    const answer = await fetch(`/forms/templates/${name}.liquid`);
    if (!answer.ok) throw new Error(`template ${name}: ${answer.status}`);
    return [name, await answer.text()];
  };
  return Object.fromEntries(await Promise.all(TEMPLATES.map(read)));
}
