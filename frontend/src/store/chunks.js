// Why it exists: the part of the cache that holds snapshot chunks exactly as they were downloaded.

/** @typedef {import("./cache.js").Chunk} Chunk */

export const CHUNK_STORES = /** @type {const} */ ({
  work: "work",
  directory: "directory",
  segment: "segments",
});

/** All keys of a partition. @param {string} part */
export const whole = (part) => IDBKeyRange.bound([part], [part, []]);

/** The chunk functions of the cache. @param {import("./database.js").Database} db */
export function chunksOf(db) {
  return {
    /** Keeps a chunk as downloaded. @param {string} part @param {Chunk} chunk @param {Uint8Array} bytes */
    putChunk: (part, chunk, bytes) =>
      db.run([CHUNK_STORES[chunk.kind]], "readwrite", (tx) =>
        tx.objectStore(CHUNK_STORES[chunk.kind]).put({ part, name: chunk.name, bytes }),
      ),

    /** A chunk's bytes, or undefined. @param {string} part @param {Pick<Chunk, "kind" | "name">} chunk
     * @returns {Promise<Uint8Array | undefined>} */
    chunk: (part, { kind, name: chunkName }) =>
      db.run([CHUNK_STORES[kind]], "readonly", async (tx) => {
        return (await tx.objectStore(CHUNK_STORES[kind]).get([part, chunkName]))?.bytes;
      }),

    /** Names of the chunks that are here already. @param {string} part @returns {Promise<Set<string>>} */
    chunkNames: (part) =>
      db.run(Object.values(CHUNK_STORES), "readonly", async (tx) => {
        const keys = [];
        for (const store of Object.values(CHUNK_STORES))
          keys.push(...(await tx.objectStore(store).getAllKeys(whole(part))));
        return new Set(keys.map((key) => key[1]));
      }),
  };
}
