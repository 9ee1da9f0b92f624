// Why it exists: the product's client, measured from the page as a screen would use it.

import { now, QUERY } from "./common.js";

/** First sync: from the answered login to the first today and search, and to everything stored. */
export async function first(who) {
  const { app, onChange } = await import("/src/lib/app.js");
  await app.state();
  await app.login(who);
  const begin = now();
  const usable = until(
    onChange,
    async () => (await app.search(QUERY, 1)).length > 0 && Boolean(await app.today()),
  );
  const stored = until(onChange, async () => {
    const { sync } = await app.state();
    return sync.phase === "idle" && Boolean(sync.last_at);
  });
  return { usable: (await usable) - begin, stored: (await stored) - begin };
}

/** Asks again after every news of the worker, and every 20 ms at the latest; when it came true. */
export function until(onChange, check) {
  return new Promise((resolve) => {
    let done = false;
    const look = async () => {
      if (done || !(await check().catch(() => false)) || done) return;
      done = true;
      stop();
      clearInterval(timer);
      resolve(now());
    };
    const stop = onChange(() => void look());
    const timer = setInterval(() => void look(), 20);
  });
}

/** Reopening: from nothing loaded to the first answer of a search. */
export async function again() {
  const begin = now();
  const { app } = await import("/src/lib/app.js");
  const found = await app.search(QUERY, 20);
  if (found.length !== 20) throw new Error(`${found.length} found`);
  return { search: now() - begin };
}
