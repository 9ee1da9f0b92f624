// Why it exists: how the server takes in files (SYNC.md 17), small enough to be broken at any request; test_blobs.py and the
// property test judge the real one.
import { createHash } from "node:crypto";

const json = (data, status = 200) =>
  new Response(JSON.stringify(data), { status, headers: { "content-type": "application/json" } });

export class FakeBlobs {
  constructor() {
    /** `part|sha256` → {bytes, complete} */
    this.files = new Map();
    /** Content that is refused for good: (bytes) → code or null. */
    this.refuses = () => null;
    /** How often a file became complete: at most once each. */
    this.completed = [];
  }

  /** The verified bytes of a file, or null. */
  file(part, sha256) {
    const found = this.files.get(`${part}|${sha256}`);
    return found?.complete ? found.bytes : null;
  }

  async answer(path, { method, body }, refuse) {
    const url = new URL(path, "http://server");
    const sha256 = url.pathname.split("/").at(-1);
    const key = `${url.searchParams.get("part")}|${sha256}`;
    const known = this.files.get(key) ?? { bytes: Buffer.alloc(0), complete: false };
    if (method === "HEAD") {
      const headers = { "Upload-Offset": String(known.bytes.length), "Upload-Complete": String(Number(known.complete)) };
      return new Response(null, { headers });
    }
    if (method === "GET") return known.complete ? new Response(known.bytes) : refuse("blob.waiting");
    const chunk = Buffer.from(await body.arrayBuffer());
    const [offset, size] = ["offset", "size"].map((name) => Number(url.searchParams.get(name)));
    return this.#put(key, known, { sha256, offset, size, chunk }, refuse);
  }

  #put(key, known, { sha256, offset, size, chunk }, refuse) {
    if (known.complete) return json({ offset: size, complete: true });
    if (chunk.length && offset !== known.bytes.length) return refuse("blob.offset", { expect: known.bytes.length });
    const bytes = Buffer.concat([known.bytes, chunk]);
    const never = this.refuses(bytes);
    if (never) return refuse(never);
    if (bytes.length < size) {
      this.files.set(key, { bytes, complete: false });
      return json({ offset: bytes.length, complete: false });
    }
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
      this.files.delete(key);
      return refuse("blob.hash", { expect: 0 });
    }
    this.files.set(key, { bytes, complete: true });
    this.completed.push(key);
    return json({ offset: bytes.length, complete: true });
  }
}
