/**
 * Ids: time-ordered where a record is born, a function of the content where two makers must agree.
 * The Python twin is backend/domain/ids.py.
 */

const NAMESPACE = "6f0d1c52-7f0e-5b7a-9c55-0a1b9d3c7e21";

/**
 * @param {Uint8Array} bytes 16 of them
 * @returns {string} a lower-case UUID
 */
function uuid(bytes) {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * @param {Uint8Array} bytes
 * @param {number} version
 */
function mark(bytes, version) {
  bytes[6] = (version << 4) | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return uuid(bytes);
}

/**
 * UUIDv7 (RFC 9562) of a Unix time and ten random bytes.
 * @param {number} milliseconds
 * @param {Uint8Array} noise
 */
export function idAt(milliseconds, noise) {
  const bytes = new Uint8Array(16);
  for (let at = 5, rest = milliseconds; at >= 0; at -= 1, rest = Math.floor(rest / 256))
    bytes[at] = rest % 256;
  bytes.set(noise, 6);
  return mark(bytes, 7);
}

/** A fresh UUIDv7, made where a record is born. */
export function newId() {
  return idAt(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/**
 * UUIDv5 of `<part>|<record>|<key…>`: made twice, on two tablets, it is one record (invariant 15).
 * @param {string} part
 * @param {string} record
 * @param {...string} keys
 * @returns {Promise<string>}
 */
export async function contentId(part, record, ...keys) {
  const name = new TextEncoder().encode([part, record, ...keys].join("|"));
  const space = NAMESPACE.replaceAll("-", "");
  const bytes = new Uint8Array(16 + name.length);
  for (let at = 0; at < 16; at += 1) bytes[at] = Number.parseInt(space.slice(at * 2, at * 2 + 2), 16);
  bytes.set(name, 16);
  const digest = await crypto.subtle.digest("SHA-1", bytes);
  return mark(new Uint8Array(digest).slice(0, 16), 5);
}
