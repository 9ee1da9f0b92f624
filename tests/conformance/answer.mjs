/** Answers vectors handed in on standard input, one JSON per line, so that another language can compare. */

import { createInterface } from "node:readline";
import { run } from "./functions.js";

for await (const line of createInterface({ input: process.stdin })) {
  const vector = JSON.parse(line);
  let answer;
  try {
    answer = await run(vector);
  } catch (error) {
    answer = { threw: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
