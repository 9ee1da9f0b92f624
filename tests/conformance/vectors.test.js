/** Every vector, judged in JavaScript; test_vectors.py judges the same ones in Python. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FUNCTIONS, run } from "./functions.js";
import { VECTORS } from "./schema.js";

test("every function is judged by a vector, and every vector's function is known", () => {
  assert.deepEqual([...new Set(VECTORS.map(({ fn }) => fn))].sort(), Object.keys(FUNCTIONS).sort());
});

for (const vector of VECTORS) {
  test(`${vector.id}: ${vector.note}`, async () => {
    assert.deepEqual(JSON.parse(JSON.stringify(await run(vector))), vector.expect);
  });
}
