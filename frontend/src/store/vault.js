// Why it exists: everything private that lies on the tablet passes through here. An open vault holds the data keys of the
// person at work; a closed one holds nothing. Sealing is asynchronous and happens outside transactions (TRUST.md).

import { dataKey, decrypt, encrypt, fromBytes, toBytes } from "./vault-crypto.js";

/** @typedef {{id: string, key: string}} GivenKey key in base64 @typedef {Record<string, GivenKey[]>} DataKeys newest first */

const MOST_REMEMBERED = 1_000;

/** No key here opens this: nobody has unlocked, or it belongs to another branch. */
export class NoKey extends Error {
  /** @param {string} part */
  constructor(part) {
    super("本机已锁定，请先解锁。");
    this.name = "NoKey";
    this.code = "app.locked";
    this.part = part;
  }
}

/** For a `catch`: nothing, where a key is missing. @param {unknown} error @returns {null} */
export function nullWithoutKey(error) {
  if (error instanceof NoKey) return null;
  throw error;
}

/** @param {string} part @param {string} table @param {string} id */
const aadOf = (part, table, id) => `1|${part}|${table}|${id}`;

/** Sealed by this vault, or a plain row of version 0.1.0? @param {any} stored @returns {stored is Uint8Array} */
export const isSealed = (stored) => stored instanceof Uint8Array;

export class Vault {
  /** @type {Map<string, CryptoKey[]>} part → newest key first */
  #keys = new Map();
  /** @type {Map<string, any>} */
  #remembered = new Map();

  /** Takes the keys of a person, if they still are wanted once they have been read: the tablet may be locked meanwhile.
   * @param {DataKeys} given @param {() => boolean} [wanted] */
  async open(given, wanted = () => true) {
    const imported = Object.entries(given).map(
      async ([part, keys]) =>
        /** @type {const} */ ([part, await Promise.all(keys.map(({ key }) => dataKey(key)))]),
    );
    const keys = new Map(await Promise.all(imported));
    if (!wanted()) return;
    this.#keys = keys;
    this.#remembered = new Map();
  }

  /** Forgets every key, and what was opened. */
  close() {
    this.#keys = new Map();
    this.#remembered = new Map();
  }

  /** Is there a key for what belongs to this partition? @param {string} part */
  has(part) {
    return this.#keys.has(part);
  }

  /** Did this partition's key change, so that older rows may lie under an older one? @param {string} part */
  turns(part) {
    return (this.#keys.get(part)?.length ?? 0) > 1;
  }

  /** @param {string} part @param {string} table @param {string} id of the record @param {any} value plain data
   * @returns {Promise<Uint8Array>} @throws {NoKey} */
  seal(part, table, id, value) {
    return this.sealBytes(part, table, id, toBytes(value));
  }

  /** The value that `seal` was given; a plain row of version 0.1.0 is its own value. @param {string} part
   * @param {string} table @param {string} id @param {any} sealed @returns {Promise<any>} @throws {NoKey} */
  async unseal(part, table, id, sealed) {
    return isSealed(sealed) ? fromBytes(await this.unsealBytes(part, table, id, sealed)) : sealed;
  }

  /** As `unseal`, and remembered until the vault closes: for what never changes under its id and is read again and again.
   * @param {string} part @param {string} table @param {string} id @param {any} sealed @returns {Promise<any>} @throws {NoKey} */
  async unsealOnce(part, table, id, sealed) {
    const [remembered, key] = [this.#remembered, aadOf(part, table, id)];
    if (!remembered.has(key)) {
      remembered.set(key, await this.unseal(part, table, id, sealed));
      if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value ?? key);
    }
    return remembered.get(key);
  }

  /** @param {string} part @param {string} table @param {string} id @param {Uint8Array} bytes
   * @returns {Promise<Uint8Array>} @throws {NoKey} */
  async sealBytes(part, table, id, bytes) {
    return encrypt(this.#of(part)[0], aadOf(part, table, id), bytes);
  }

  /** @param {string} part @param {string} table @param {string} id @param {Uint8Array} sealed
   * @returns {Promise<Uint8Array>} @throws {NoKey} */
  async unsealBytes(part, table, id, sealed) {
    for (const key of this.#of(part)) {
      try {
        return await decrypt(key, aadOf(part, table, id), sealed);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === "OperationError")) throw error;
      }
    }
    throw new NoKey(part);
  }

  /** Was this sealed with the newest key? @param {string} part @param {string} table @param {string} id @param {any} sealed */
  async isCurrent(part, table, id, sealed) {
    if (!isSealed(sealed)) return false;
    const [newest] = this.#of(part);
    return decrypt(newest, aadOf(part, table, id), sealed).then(
      () => true,
      () => false,
    );
  }

  /** @param {string} part @returns {CryptoKey[]} */
  #of(part) {
    const keys = this.#keys.get(part);
    if (!keys) throw new NoKey(part);
    return keys;
  }
}
