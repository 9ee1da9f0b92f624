// Why it exists: the tablets of the machine in one Node process: a line of JSON in, a line of JSON out (see stage.mjs).
import { readSync, writeSync } from "node:fs";
import "fake-indexeddb/auto";
import { loadSchema } from "../tools.mjs";
import { copyDatabases, dropAll, evict, lose } from "./databases.mjs";
import { promised } from "./flows.mjs";
import { install as installLives } from "./life.mjs";
import { idle, install, nowMs, reseed, setClock } from "./platform.mjs";
import { makeShared } from "./shared.mjs";
import { Stage } from "./stage.mjs";

const SCHEMA = Buffer.from(JSON.stringify(loadSchema()));
install();
installLives();
console.log = console.error;
const shared = makeShared();
const stage = new Stage({ idle, nowMs, shared: shared.of });
process.on("unhandledRejection", (error) => stage.stray(error));
const quiet = console.error;
console.error = (...told) => {
  const error = told.find((one) => one instanceof Error);
  if (error?.name === "QuotaExceededError") return; // told, and tried again later
  if (error) stage.stray(error);
  else quiet(...told);
};

const COMMANDS = {
  clear({ seed }) {
    stage.clear();
    shared.clear();
    dropAll();
    promised.clear();
    reseed(seed);
  },
  copy: ({ from, to }) => copyDatabases(from, to),
  evict: ({ name }) => evict(name),
  lose: ({ name }) => lose(name),
  kill: ({ tab }) => stage.tabs.get(tab)?.life.die(),
  arm: ({ tab, ...when }) => stage.tabs.get(tab)?.life.arm(when),
  skew: ({ tab, skew }) => Object.assign(stage.tabs.get(tab) ?? {}, { skew }),
  promise: ({ from, to }) => promised.set(to, new Map(promised.get(from))),
  answer: ({ answers }) => stage.answer(answers.map(withBytes)),
  step() {},
};

function withBytes(answer) {
  const { text, base64, schema } = answer;
  const bytes = schema ? SCHEMA : base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
  return { ...answer, bytes };
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
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; at += patiently(() => writeSync(1, bytes, at)));
}

for (const line of lines()) {
  const command = JSON.parse(line);
  if (command.now) setClock(command.now);
  COMMANDS[command.do](command);
  say(await stage.step(command));
}
process.exit(0);
