// Why it exists: the part of the cache that holds snapshot chunks as they were downloaded, a record a piece, so that opening
// a file reads one piece. All pieces of a chunk are written in one transaction: the first one stands for the whole.

/** @typedef {import("./cache.js").Chunk} Chunk */

export const CHUNK_STORES = /** @type {const} */ ({
  work: "work",
  directory: "directory",
  segment: "segments",
});

/** All keys of a partition. @param {string} part */
export const whole = (part) => IDBKeyRange.bound([part], [part, []]);

/** The pieces of a chunk, each with a buffer of its own. @param {Chunk} chunk @param {Uint8Array} bytes @returns {Uint8Array[]} */
export function piecesOf({ pieces }, bytes) {
  let at = 0;
  return pieces.map((length) => {
    at += length;
    return bytes.slice(at - length, at);
  });
}

/** The chunk functions of the cache. @param {import("./database.js").Database} db */
export function chunksOf(db) {
  return {
    /** Keeps chunks as downloaded, all in one transaction. @param {string} part @param {{chunk: Chunk, bytes: Uint8Array}[]} got */
    putChunks: (part, got) =>
      db.run([...new Set(got.map(({ chunk }) => CHUNK_STORES[chunk.kind]))], "readwrite", async (tx) => {
        const puts = got.flatMap(({ chunk, bytes }) => {
          const store = tx.objectStore(CHUNK_STORES[chunk.kind]);
          return piecesOf(chunk, bytes).map((piece, i) => store.put({ part, name: chunk.name, i, bytes: piece }));
        });
        await Promise.all(puts);
      }),

    /** A piece of a chunk, or undefined. @param {string} part @param {Pick<Chunk, "kind" | "name">} chunk @param {number} [i]
     * @returns {Promise<Uint8Array | undefined>} */
    piece: (part, { kind, name }, i = 0) =>
      db.run([CHUNK_STORES[kind]], "readonly", async (tx) => {
        return (await tx.objectStore(CHUNK_STORES[kind]).get([part, name, i]))?.bytes;
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
