// Why it exists: makes Node deterministic for the machine: one clock, seeded randomness, cryptography without threads, and
// a way to tell when nothing is under way any more.
import { createCipheriv, createDecipheriv, createHash, createHmac, KeyObject } from "node:crypto";
import { inflateSync } from "node:zlib";
import { random } from "../people.mjs";
import { counted, running } from "./life.mjs";

const TAG = 16;
const later = setImmediate;
let tasks = 0;
let chance = random(1);
let ms = 0;

/** Begins anew: the same seed gives the same ids, keys and nonces. @param {number} seed */
export function reseed(seed) {
  chance = random(seed);
}

/** @param {number} now ms since 1970, for all tabs */
export function setClock(now) {
  ms = now;
}

export const nowMs = () => ms;

/** Resolves when no task, transaction or slow call is left. */
export function idle() {
  return new Promise((resolve) => {
    let quiet = 0;
    const look = () => {
      quiet = tasks || running.size ? 0 : quiet + 1;
      if (quiet < 3) later(look);
      else resolve(undefined);
    };
    later(look);
  });
}

function fill(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Math.floor(chance() * 256);
  return array;
}

const buffer = (bytes) => (ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes));
const plain = (bytes) => new Uint8Array(bytes).buffer;
const nameOf = (algorithm) => algorithm.name ?? algorithm;
const hashOf = (name) => name.replace("-", "").toLowerCase();

/** What the client asks often, done at once; the rest goes to the real thing. */
function quickSubtle(real) {
  const quick = {
    async digest(algorithm, data) {
      return plain(createHash(hashOf(nameOf(algorithm))).update(buffer(data)).digest());
    },
    async sign(algorithm, key, data) {
      if (nameOf(algorithm) !== "HMAC") return counted(real.sign(algorithm, key, data));
      return plain(createHmac(hashOf(key.algorithm.hash.name), KeyObject.from(key)).update(buffer(data)).digest());
    },
    async encrypt(algorithm, key, data) {
      if (nameOf(algorithm) !== "AES-GCM") return counted(real.encrypt(algorithm, key, data));
      const cipher = createCipheriv(`aes-${key.algorithm.length}-gcm`, KeyObject.from(key), buffer(algorithm.iv));
      if (algorithm.additionalData) cipher.setAAD(buffer(algorithm.additionalData));
      const body = Buffer.concat([cipher.update(buffer(data)), cipher.final()]);
      return plain(Buffer.concat([body, cipher.getAuthTag()]));
    },
    async decrypt(algorithm, key, data) {
      if (nameOf(algorithm) !== "AES-GCM") return counted(real.decrypt(algorithm, key, data));
      const sealed = buffer(data);
      const cipher = createDecipheriv(`aes-${key.algorithm.length}-gcm`, KeyObject.from(key), buffer(algorithm.iv));
      if (algorithm.additionalData) cipher.setAAD(buffer(algorithm.additionalData));
      try {
        cipher.setAuthTag(sealed.subarray(sealed.length - TAG));
        return plain(Buffer.concat([cipher.update(sealed.subarray(0, sealed.length - TAG)), cipher.final()]));
      } catch {
        throw new DOMException("The operation failed", "OperationError");
      }
    },
  };
  const call = (name) => (...args) => counted(real[name](...args));
  return new Proxy(real, { get: (_real, name) => quick[name] ?? call(name) });
}

/** Replaces what Node does in threads or at its own time. */
export function install() {
  globalThis.setImmediate = (work, ...args) => {
    tasks += 1;
    return later(() => {
      tasks -= 1;
      work(...args);
    });
  };
  Date.now = nowMs;
  const real = crypto.subtle;
  const replaced = { subtle: quickSubtle(real), getRandomValues: fill };
  Object.defineProperty(globalThis, "crypto", { value: replaced, configurable: true });
  for (const name of ["arrayBuffer", "json", "text"]) {
    const read = Response.prototype[name];
    Response.prototype[name] = function () {
      return counted(read.call(this));
    };
  }
  const bytes = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = function () {
    return counted(bytes.call(this));
  };
  globalThis.DecompressionStream = class {
    constructor(format) {
      const parts = [];
      const transform = (part) => void parts.push(part);
      const flush = (out) => out.enqueue(new Uint8Array(inflateSync(Buffer.concat(parts))));
      if (format !== "deflate") throw new TypeError(format);
      const { readable, writable } = new TransformStream({ transform, flush });
      Object.assign(this, { readable, writable });
    }
  };
}
