// Why it exists: what the machine tells its tablets besides steps of people, the same in Node and in a browser. Where it is
// done differently, `platform` does it: databases copied, evicted and lost, chance, clock, bytes of answers.
import { promised } from "./flows.mjs";
import { makeShared } from "./shared.mjs";
import { Stage } from "./stage.mjs";

/**
 * @typedef {object} Platform
 * @property {() => Promise<void>} idle @property {() => number} nowMs @property {(now: number) => void} setClock
 * @property {(seed: number) => void} reseed @property {(answer: any) => any} bytesOf the body of an answer
 * @property {(from: string[], to: string[]) => any} copyDatabases @property {() => any} dropAll
 * @property {(name: string) => any} evict @property {(name: string) => any} lose
 */

/** `answer(line)`: a command as a line of JSON, what came of it as another. @param {Platform} platform */
export function makeTablets(platform) {
  const shared = makeShared();
  const stage = new Stage({ idle: platform.idle, nowMs: platform.nowMs, shared: shared.of });
  const commands = {
    async clear({ seed }) {
      stage.clear();
      shared.clear();
      await platform.dropAll();
      promised.clear();
      platform.reseed(seed);
    },
    copy: ({ from, to }) => platform.copyDatabases(from, to),
    evict: ({ name }) => platform.evict(name),
    lose: ({ name }) => platform.lose(name),
    kill: ({ tab }) => stage.tabs.get(tab)?.life.die(),
    arm: ({ tab, ...when }) => stage.tabs.get(tab)?.life.arm(when),
    skew: ({ tab, skew }) => Object.assign(stage.tabs.get(tab) ?? {}, { skew }),
    promise: ({ from, to }) => promised.set(to, new Map(promised.get(from))),
    answer: ({ answers }) => stage.answer(answers.map((one) => ({ ...one, bytes: platform.bytesOf(one) }))),
    step() {},
  };

  const quiet = console.error;
  console.log = console.error;
  console.error = (...told) => {
    const error = told.find((one) => one instanceof Error);
    if (error?.name === "QuotaExceededError") return; // told, and tried again later
    if (error) stage.stray(error);
    else quiet(...told);
  };

  return {
    stray: (error) => stage.stray(error),
    async answer(line) {
      const command = JSON.parse(line);
      if (command.now) platform.setClock(command.now);
      await commands[command.do](command);
      return JSON.stringify(await stage.step(command));
    },
  };
}
