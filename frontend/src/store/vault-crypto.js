// Why it exists: the only place that knows how a record, a slot's keyring and a password become ciphertext on the tablet.
// A sealed record is version(1) ‖ nonce(12) ‖ AES-256-GCM; a password opens a slot by Argon2id and AES-KW (TRUST.md).

import { argon2id } from "../../vendor/argon2.js";
import { fromBase64 } from "./codec.js";

const VERSION = 1;
const NONCE = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a password costs to try, at least 19 MiB and two passes: m in KiB, t passes, p lanes. */
export const COST = Object.freeze({ m: 19_456, t: 2, p: 1 });

/** @typedef {{m: number, t: number, p: number}} Cost @typedef {Cost & {alg: "argon2id", salt: Uint8Array}} Kdf */

/** @param {string} aad */
const gcm = (aad, /** @type {Uint8Array} */ iv) => ({
  name: "AES-GCM",
  iv: /** @type {BufferSource} */ (iv),
  additionalData: encoder.encode(aad),
});

/** A data key as the server hands it out. @param {string} base64 32 bytes @returns {Promise<CryptoKey>} */
export function dataKey(base64) {
  return crypto.subtle.importKey("raw", fromBase64(base64), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** @param {CryptoKey} key @param {string} aad names the record, so that it cannot be moved @param {Uint8Array} plain
 * @returns {Promise<Uint8Array>} */
export async function encrypt(key, aad, plain) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const bytes = await crypto.subtle.encrypt(gcm(aad, nonce), key, /** @type {BufferSource} */ (plain));
  const sealed = new Uint8Array(1 + NONCE + bytes.byteLength);
  sealed[0] = VERSION;
  sealed.set(nonce, 1);
  sealed.set(new Uint8Array(bytes), 1 + NONCE);
  return sealed;
}

/** @param {CryptoKey} key @param {string} aad @param {Uint8Array} sealed @returns {Promise<Uint8Array>}
 * @throws {DOMException} OperationError when key, record or bytes are others */
export async function decrypt(key, aad, sealed) {
  if (sealed[0] !== VERSION) throw new DOMException(`sealed version ${sealed[0]}`, "OperationError");
  const body = /** @type {BufferSource} */ (sealed.subarray(1 + NONCE));
  return new Uint8Array(await crypto.subtle.decrypt(gcm(aad, sealed.subarray(1, 1 + NONCE)), key, body));
}

/** @param {any} value plain data @returns {Uint8Array} */
export const toBytes = (value) => encoder.encode(JSON.stringify(value ?? null));
/** @param {Uint8Array} bytes @returns {any} */
export const fromBytes = (bytes) => JSON.parse(decoder.decode(bytes));

/** Parameters for a new password or PIN, with a salt of their own. @param {Cost} cost @returns {Kdf} */
export function newKdf({ m, t, p }) {
  return { alg: "argon2id", m, t, p, salt: crypto.getRandomValues(new Uint8Array(16)) };
}

/** The key that wraps a slot key. Takes its time, and this thread's, on purpose. @param {string} secret password or PIN
 * @param {Kdf} kdf @returns {Promise<CryptoKey>} */
export function wrappingKey(secret, { salt, m, t, p }) {
  const bytes = argon2id(encoder.encode(secret), salt, { m, t, p, dkLen: 32 });
  return crypto.subtle.importKey("raw", /** @type {BufferSource} */ (bytes), "AES-KW", false, [
    "wrapKey",
    "unwrapKey",
  ]);
}

/** @returns {Promise<CryptoKey>} a random slot key; it can be wrapped, so it exists in the worker's memory only */
export async function newSlotKey() {
  const algorithm = { name: "AES-GCM", length: 256 };
  return /** @type {CryptoKey} */ (await crypto.subtle.generateKey(algorithm, true, ["encrypt", "decrypt"]));
}

/** @param {CryptoKey} slotKey @param {CryptoKey} wrapping @returns {Promise<Uint8Array>} */
export async function wrap(slotKey, wrapping) {
  return new Uint8Array(await crypto.subtle.wrapKey("raw", slotKey, wrapping, "AES-KW"));
}

/** The slot key, or null when the password or PIN was another. @param {Uint8Array} wrapped @param {CryptoKey} wrapping
 * @returns {Promise<CryptoKey | null>} */
export function unwrap(wrapped, wrapping) {
  const bytes = /** @type {BufferSource} */ (wrapped);
  return crypto.subtle
    .unwrapKey("raw", bytes, wrapping, "AES-KW", "AES-GCM", true, ["encrypt", "decrypt"])
    .catch(() => null);
}
