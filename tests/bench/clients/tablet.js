// Why it exists: the product's client, measured as a screen would use it: in its worker, or (where the CPU is slowed, which
// browsers do for pages only) the same code in the page itself.

import { now, QUERY } from "./common.js";

/** @type {{app: any, onChange: (listener: () => void) => () => void} | null} */
let held = null;

/** The app as a page has it. @param {boolean} inPage */
async function open(inPage) {
  held ??= inPage ? await openHere() : await import("/src/lib/app.js");
  return held;
}

/** What `worker.js` does, here. */
async function openHere() {
  const { createApp } = await import("/src/sync/app.js");
  const listeners = new Set();
  const app = await createApp({
    fetch: (...args) => fetch(...args),
    locks: navigator.locks,
    storage: navigator.storage,
    online: () => navigator.onLine,
    timers: true,
  });
  await app.subscribe(() => {
    for (const listener of listeners) listener();
  });
  const onChange = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return { app, onChange };
}

/** Asks again after every news of the worker, and after so many ms at the latest; when it came true. */
function until(onChange, check, every = 20) {
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
    const timer = setInterval(() => void look(), every);
  });
}

const idle = async (app) => {
  const { sync } = await app.state();
  return sync.phase === "idle" && Boolean(sync.last_at);
};

/** First sync: from the answered login to the first today and search, and to everything stored. */
export async function first(who, inPage) {
  const { app, onChange } = await open(inPage);
  await app.state();
  const tasks = longTasks();
  await app.login(who);
  const begin = now();
  const usable = until(
    onChange,
    async () => (await app.search(QUERY, 1)).length > 0 && Boolean(await app.today()),
  );
  const stored = until(onChange, () => idle(app));
  const found = { usable: (await usable) - begin, stored: (await stored) - begin };
  return { ...found, longest: tasks(begin) };
}

/** The longest task of the page since a time, 0 when none took 50 ms. */
function longTasks() {
  const seen = [];
  const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
  observer.observe({ type: "longtask", buffered: true });
  return (since) => {
    seen.push(...observer.takeRecords());
    return Math.max(0, ...seen.filter((one) => one.startTime >= since).map((one) => one.duration));
  };
}

/** Reopening: from nothing loaded, with the password typed, to today's list, and to the first answer of a search. */
export async function again(who, inPage) {
  const begin = now();
  const { app } = await open(inPage);
  await app.state();
  const loaded = now();
  await app.login(who);
  const unlocked = now();
  const { tasks } = await app.today();
  const listed = now();
  if (!tasks.length) throw new Error("no task");
  const found = await app.search(QUERY, 20);
  if (found.length !== 20) throw new Error(`${found.length} found`);
  return { loaded: loaded - begin, unlocked: unlocked - loaded, list: listed - loaded, search: now() - loaded };
}

/** What people type, key by key: plates, VINs, phones, names and initials. @param {any[]} briefs */
function keystrokes(briefs, count) {
  const pick = (i) => {
    const { plate, vin, people, archive_no } = briefs[(i * 997) % briefs.length];
    const [person] = people;
    return [plate, vin?.slice(-6), person?.phones[0], person?.name, archive_no, plate?.slice(-4)][i % 6];
  };
  const words = Array.from({ length: count }, (_, i) => pick(i)).filter(Boolean);
  words.push("zw", "lm", "wj", "cjg", "zhangwei", "lxd", "zzzzzz", "999999999");
  return words.flatMap((word) => [...word.toLowerCase()].map((_, i) => word.toLowerCase().slice(0, i + 1)));
}

/** A search per key of so many words. @returns {Promise<number[]>} ms of those with two signs or more */
export async function search(_who, inPage, count) {
  const { app } = await open(inPage);
  const typed = keystrokes(await app.search(QUERY, 200), count);
  const times = [];
  for (const text of typed) {
    const begin = now();
    await app.search(text, 30);
    if (text.length > 1) times.push(now() - begin);
  }
  return times;
}

/** Opens files, each for the first time. @returns {Promise<number[]>} ms */
export async function files(_who, inPage, count) {
  const { app } = await open(inPage);
  const ids = [];
  for (let i = 0; ids.length < count; i += 1)
    ids.push(...(await app.search(`0${100_000 + i * 97}`.slice(-5), 10)).map(({ id }) => id));
  const times = [];
  for (const id of [...new Set(ids)].slice(0, count)) {
    const begin = now();
    const file = await app.file(id);
    times.push(now() - begin);
    if (file.partial || !file.vehicle.vin) throw new Error("not whole");
  }
  return times;
}

/** Saves callbacks that cannot be sent yet. @returns {Promise<number>} ms a save */
export async function save(_who, inPage, count) {
  const { app } = await open(inPage);
  const briefs = await app.search(QUERY, 200);
  const { user } = await app.state();
  const ended = Date.now();
  const times = { started_at: new Date(ended - 300_000).toISOString(), ended_at: new Date(ended).toISOString() };
  const begin = now();
  for (let i = 0; i < count; i += 1) {
    const { id, people } = briefs[i % briefs.length];
    const who = { staff_id: user.id, staff_name: user.name, channel: "phone", phone: people[0].phones[0] };
    const ids = { id: crypto.randomUUID(), vehicle_id: id, customer_id: people[0].id };
    await app.save("callback.record", { attempt: { ...ids, ...who, ...times, outcome: "complete", note: `第${i}次` } });
  }
  return (now() - begin) / count;
}

/** Sends everything that waits. */
export async function push(_who, inPage) {
  const { app, onChange } = await open(inPage);
  const { pending } = await app.state();
  const begin = now();
  void app.sync_now();
  const done = await until(onChange, async () => (await app.state()).pending === 0, 200);
  const { parked } = await app.state();
  await app.sync_now();
  return { ms: done - begin, pending, parked };
}

/** Pulls what changed on the server, until a changed plate is found. @param {string} plate */
export async function pull(_who, inPage, plate) {
  const { app, onChange } = await open(inPage);
  await until(onChange, () => idle(app));
  const begin = now();
  void app.sync_now();
  return (await until(onChange, async () => (await app.search(plate, 1)).length === 1)) - begin;
}

/** What the origin takes on the disk, in bytes, after the last work is done. */
export async function stored(_who, inPage) {
  const { app, onChange } = await open(inPage);
  await until(onChange, () => idle(app));
  const { usage, usageDetails } = await navigator.storage.estimate();
  return usageDetails?.indexedDB ?? usage;
}
