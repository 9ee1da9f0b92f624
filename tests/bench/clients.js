// Why it exists: the product's client and a plain one, side by side in the same page, each told by its own milliseconds.
// Read by tests/bench as text and run in a page of the server that shows nothing of the app.

(() => {
  const now = () => performance.now();
  const QUERY = "粤";

  /** @param {string} path @param {any} [body] @param {string} [token] */
  async function ask(path, body, token) {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`/api/v1${path}`, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }

  /** @param {{username: string, password: string}} who */
  async function signIn(who) {
    const device = { id: crypto.randomUUID(), name: "bench" };
    const session = await (await ask("/auth/login", { ...who, device })).json();
    return { ...session, device: device.id };
  }

  // ---- the product -------------------------------------------------------------------------------------------

  /** First sync: from the answered login to the first today and search, and to everything stored. */
  async function oursFirst(who) {
    const { app, onChange } = await import("/src/lib/app.js");
    await app.state();
    await app.login(who);
    const begin = now();
    const usable = until(onChange, async () => (await app.search(QUERY, 1)).length > 0 && Boolean(await app.today()));
    const stored = until(onChange, async () => {
      const { sync } = await app.state();
      return sync.phase === "idle" && Boolean(sync.last_at);
    });
    return { usable: (await usable) - begin, stored: (await stored) - begin };
  }

  /** Asks again after every news of the worker, and every 20 ms at the latest; when it came true. */
  function until(onChange, check) {
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
  async function oursAgain() {
    const begin = now();
    const { app } = await import("/src/lib/app.js");
    const found = await app.search(QUERY, 20);
    if (found.length !== 20) throw new Error(`${found.length} found`);
    return { search: now() - begin };
  }

  // ---- the plain client --------------------------------------------------------------------------------------

  /** @returns {Promise<IDBDatabase>} */
  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("plain", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("rows", { keyPath: "key" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  /** One page of the feed: a put per row, one transaction, relaxed durability. */
  function put(db, part, rows) {
    return new Promise((resolve, reject) => {
      const tx = db.transaction("rows", "readwrite", { durability: "relaxed" });
      const store = tx.objectStore("rows");
      for (const [seq, kind, id, ver, doc] of rows) store.put({ key: `${part}|${kind}|${id}`, seq, kind, id, ver, doc });
      tx.oncomplete = () => resolve(undefined);
      tx.onabort = () => reject(tx.error);
    });
  }

  /** What a search needs: a text per vehicle. @param {any[]} rows {kind, id, doc} */
  function indexOf(rows) {
    const [people, texts] = [new Map(), new Map()];
    for (const { kind, id, doc } of rows) if (kind === "customer") people.set(id, doc);
    for (const { kind, id, doc } of rows) if (kind === "vehicle") texts.set(id, [doc.plate, doc.vin, doc.archive_no]);
    for (const { kind, doc } of rows) {
      if (kind !== "party") continue;
      const { name, phones = [], pinyin } = people.get(doc.customer_id) ?? {};
      texts.get(doc.vehicle_id)?.push(name, ...phones, pinyin);
    }
    return [...texts].map(([id, words]) => ({ id, text: words.join(" ").toLowerCase() }));
  }

  /** Pulls every page and stores every row; usable when today and search can be answered from it. */
  async function plainFirst(who) {
    const session = await signIn(who);
    const begin = now();
    const db = await open();
    let cursors = Object.fromEntries(session.scope.map((part) => [part, null]));
    const rows = [];
    while (Object.keys(cursors).length) {
      const message = { proto: 1, device: session.device, cursors, pending: 0, limit: 2000 };
      const { parts } = await (await ask("/sync/pull", message, session.token)).json();
      cursors = {};
      for (const [part, page] of Object.entries(parts)) {
        await put(db, part, page.rows);
        rows.push(...page.rows.map(([, kind, id, , doc]) => ({ kind, id, doc })));
        if (page.more) cursors[part] = [page.epoch, page.to];
      }
    }
    const stored = now() - begin;
    const due = rows.filter(({ kind, doc }) => kind === "task" && doc.state === "open");
    const found = indexOf(rows).filter(({ text }) => text.includes(QUERY)).slice(0, 20);
    if (!found.length || !due.length) throw new Error("nothing to show");
    db.close();
    return { usable: now() - begin, stored, rows: rows.length };
  }

  /** getAll, the index, and the first search. */
  async function plainAgain() {
    const begin = now();
    const db = await open();
    const rows = await new Promise((resolve, reject) => {
      const request = db.transaction("rows").objectStore("rows").getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const found = indexOf(rows).filter(({ text }) => text.includes(QUERY)).slice(0, 20);
    if (found.length !== 20) throw new Error(`${found.length} found`);
    db.close();
    return { search: now() - begin };
  }

  // ---- searching ---------------------------------------------------------------------------------------------

  /** The branch's directory as an array of texts: the same lines the product searches. @param {any} session @param {string} part */
  async function directoryTexts(session, part) {
    const manifest = await (await ask(`/sync/snapshot/${part}`, undefined, session.token)).json();
    const raw = Uint8Array.from(atob(session.keys[part].key), (char) => char.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const lines = [];
    for (const { url, kind } of manifest.chunks) {
      if (kind !== "directory") continue;
      const answer = await fetch(url, { headers: { Authorization: `Bearer ${session.token}` } });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const sealed = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData: new TextEncoder().encode(part) };
      const packed = await crypto.subtle.decrypt(sealed, key, bytes.slice(12));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
      lines.push(...JSON.parse(await new Response(stream).text()));
    }
    return lines.map(([id, plate, vin, , archive_no, people = []]) => ({
      id,
      text: [plate, vin, archive_no, ...people.flatMap(([, name, phones, , pinyin]) => [name, ...phones, pinyin])]
        .join(" ")
        .toLowerCase(),
    }));
  }

  /** What people type, key by key: plates, VINs, phones, names, initials of so many vehicles. @param {{text: string}[]} texts */
  function keystrokes(texts, count) {
    const step = Math.floor(texts.length / count);
    const asked = Array.from({ length: count }, (_, i) => {
      const words = texts[i * step + (i % 7)].text.split(" ").filter(Boolean);
      const word = words[i % words.length];
      return /^[0-9a-z]{12,}$/.test(word) ? word.slice(-6) : word;
    });
    return asked.flatMap((word) => [...word].map((_, i) => word.slice(0, i + 1)));
  }

  /** Both over the same directory, in turn. @returns {Promise<{vehicles: number, ours: number[], plain: number[]}>} ms per key */
  async function search(who, part, count) {
    const { app, onChange } = await import("/src/lib/app.js");
    await app.login(who);
    await until(onChange, async () => {
      const { sync } = await app.state();
      return sync.phase === "idle" && Boolean(sync.last_at);
    });
    const texts = await directoryTexts(await signIn(who), part);
    const times = { vehicles: texts.length, ours: [], plain: [] };
    const typed = keystrokes(texts, count);
    for (const text of typed.slice(0, 20)) await app.search(text, 30);
    for (const text of typed) {
      let begin = now();
      const found = await app.search(text, 30);
      times.ours.push(now() - begin);
      begin = now();
      const plain = texts.filter((line) => line.text.includes(text)).slice(0, 30);
      times.plain.push(now() - begin);
      if (!found.length !== !plain.length) throw new Error(`${text}: ${found.length} and ${plain.length} found`);
    }
    return times;
  }

  globalThis.bench = { oursFirst, oursAgain, plainFirst, plainAgain, search };
})();
