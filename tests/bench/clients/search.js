// Why it exists: a search per key, the product's and `Array.filter(includes)`, in turn over the same directory.

import { ask, now, signIn } from "./common.js";
import { until } from "./ours.js";

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
    const sealed = {
      name: "AES-GCM",
      iv: bytes.slice(0, 12),
      additionalData: new TextEncoder().encode(part),
    };
    const packed = await crypto.subtle.decrypt(sealed, key, bytes.slice(12));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    lines.push(...JSON.parse(await new Response(stream).text()));
  }
  return lines.map(([id, plate, vin, , archive_no, people = []]) => ({
    id,
    text: [
      plate,
      vin,
      archive_no,
      ...people.flatMap(([, name, phones, , pinyin]) => [name, ...phones, pinyin]),
    ]
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
export async function search(who, part, count) {
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
    if (!found.length !== !plain.length)
      throw new Error(`${text}: ${found.length} and ${plain.length} found`);
  }
  return times;
}
