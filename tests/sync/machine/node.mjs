// Why it exists: the tablets of the machine in one Node process: a line of JSON in, a line of JSON out (see stage.mjs).
import { readSync, writeSync } from "node:fs";
import "fake-indexeddb/auto";
import { loadSchema } from "../tools.mjs";
import { makeTablets } from "./commands.mjs";
import { copyDatabases, dropAll, evict, lose, refuse } from "./databases.mjs";
import { install as installLives } from "./life.mjs";
import { idle, install, nowMs, reseed, setClock } from "./platform.mjs";

const SCHEMA = Buffer.from(JSON.stringify(loadSchema()));
install();
installLives(refuse);
const databases = { copyDatabases, dropAll, evict, lose };
const tablets = makeTablets({ idle, nowMs, setClock, reseed, bytesOf, ...databases });
process.on("unhandledRejection", tablets.stray);

function bytesOf({ text, base64, schema }) {
  return schema ? SCHEMA : base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
}

/** Does it as soon as the pipe can; Node may have made it one that does not wait. @param {() => number} work */
function patiently(work) {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** The next line from the pipe; null at its end. */
function* lines() {
  const chunk = Buffer.alloc(1 << 16);
  let rest = [];
  for (;;) {
    const size = patiently(() => readSync(0, chunk, 0, chunk.length, null));
    if (size === 0) return;
    let from = 0;
    for (let at = chunk.indexOf(10, from); at >= 0 && at < size; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, at)]).toString("utf8");
      rest = [];
      from = at + 1;
    }
    rest.push(Buffer.from(chunk.subarray(from, size)));
  }
}

function say(message) {
  const bytes = Buffer.from(`${message}\n`);
  for (let at = 0; at < bytes.length; at += patiently(() => writeSync(1, bytes, at)));
}

for (const line of lines()) say(await tablets.answer(line));
process.exit(0);
