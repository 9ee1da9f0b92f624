/** The whole schema and the vectors as the browser gets them, read from the files themselves. */

import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../../shared_schema/", import.meta.url);

/**
 * @param {string} path below shared_schema
 * @returns {any}
 */
function read(path) {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf8"));
}

/** @param {string} folder */
function readAll(folder) {
  const names = readdirSync(new URL(`${folder}/`, ROOT)).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => read(`${folder}/${name}`));
}

/**
 * @param {any[]} docs
 * @param {string} key
 */
function by(docs, key) {
  return Object.fromEntries(docs.map((doc) => [doc[key], doc]));
}

/** @type {import("../../frontend/src/domain/types.js").Schema} what `/schema.json` gives */
export const SCHEMA = {
  records: by(readAll("records"), "record"),
  lists: by(readAll("lists"), "list"),
  ops: by(
    readAll("ops").flatMap((group) => group.ops),
    "kind",
  ),
  workflows: by(readAll("workflows"), "workflow"),
  codes: read("codes.json"),
};

/** @type {{id: string, note: string, fn: string, given: any, expect: any}[]} */
export const VECTORS = readAll("vectors").flat();

export const WORLD = JSON.parse(readFileSync(new URL("world.json", import.meta.url), "utf8"));
