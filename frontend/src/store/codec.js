// Why it exists: the only place that knows how a snapshot chunk is sealed: pieces one after the other, each
// nonce(12) ‖ AES-256-GCM(deflate(plain)), AAD = part.

const NONCE = 12;

/** @param {string} text */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** @param {ArrayBuffer | Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A partition's segment key as handed out at login. @param {string} base64 @returns {Promise<CryptoKey>} */
export function segmentKey(base64) {
  return crypto.subtle.importKey("raw", fromBase64(base64), "AES-GCM", false, ["decrypt"]);
}

/** @param {Uint8Array} bytes @returns {Promise<string>} SHA-256 in hex */
export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes)));
}

/**
 * The plain bytes of a piece of a chunk.
 * @param {CryptoKey} key @param {string} part @param {Uint8Array} bytes
 * @throws {DOMException} OperationError when the bytes were not sealed for this partition with this key
 */
export async function openPiece(key, part, bytes) {
  const additionalData = new TextEncoder().encode(part);
  const iv = /** @type {BufferSource} */ (bytes.subarray(0, NONCE));
  const packed = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv, additionalData },
    key,
    /** @type {BufferSource} */ (bytes.subarray(NONCE)),
  );
  return inflate(new Uint8Array(packed));
}

/** Written to the stream directly: a Blob in between asks another process. @param {Uint8Array<ArrayBuffer>} packed */
async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  const written = writer.write(packed).then(() => writer.close());
  const [plain] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(plain);
}

/** The JSON in a slice of a chunk. @param {Uint8Array} plain @param {number} [offset] @param {number} [length] */
export function parse(plain, offset = 0, length = plain.length - offset) {
  return JSON.parse(new TextDecoder().decode(plain.subarray(offset, offset + length)));
}

/** Proof that a session authored an op: HMAC-SHA256(op_key, h) in hex. @param {string} key hex @param {string} h */
export async function opMac(key, h) {
  const raw = Uint8Array.from(key.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  return hex(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(h)));
}
