// Runs the JavaScript twins over every case and prints what they make, for test_twins.py to compare: one process.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const own = (path) => import(new URL(`frontend/src/${path}`, ROOT));
const { build } = await own("forms/index.js");
const { makeEngine, TEMPLATES } = await own("forms/engine.js");
const { makeFilters } = await own("forms/filters.js");
const { qrMatrix } = await own("lib/qr.js");

const templates = {};
for (const name of TEMPLATES) {
  templates[name] = readFileSync(fileURLToPath(new URL(`exports/templates/${name}.liquid`, ROOT)), "utf8");
}

const { schema, cases, filters, codes } = JSON.parse(readFileSync(0, "utf8"));
const render = makeEngine(schema, templates);
const byName = makeFilters(schema);

const made = {
  forms: cases.map(({ form, records, ctx, expect }) => ({
    payload: build(form, records, { ...ctx, schema }),
    html: render(form, expect),
  })),
  filters: filters.map(({ fn, given }) => byName[fn](...given)),
  codes: codes.map((text) => qrMatrix(text).map((row) => row.map(Number).join(""))),
};
process.stdout.write(JSON.stringify(made));
