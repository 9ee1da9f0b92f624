// Why it exists: what parts compute without a page is judged here: values, words, signatures, routes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { problemText } from "../../frontend/src/lib/problem-text.js";
import { matchPath } from "../../frontend/src/lib/router.js";
import { readValue, writeValue } from "../../frontend/src/parts/field-values.js";
import { MAX_LENGTH, signaturePath, signatureString } from "../../frontend/src/lib/signature.js";
import { T } from "../../frontend/src/lib/texts.js";
import { isAbsent, syncWords } from "../../frontend/src/parts/sync-words.js";

const NOW = "2026-11-21T02:24:00.000Z";

/** @param {object} [more] @param {object} [sync] */
const state = (more = {}, sync = {}) => ({
  online: true,
  pending: 0,
  parked: 0,
  ...more,
  sync: { phase: "idle", percent: null, last_at: NOW, message: null, ...sync },
});

test("the sync state is told in words, the worst first", () => {
  const cases = [
    [state(), "已同步 10:24"],
    [state({}, { last_at: "2026-11-20T02:24:00.000Z" }), "已同步 昨天 10:24"],
    [state({ online: false, pending: 3 }), "离线，待上传 3 条"],
    [state({ online: false, pending: 3, pending_blobs: 2 }), "离线，待上传 3 条、2 个附件"],
    [state({ pending_blobs: 2 }), "待上传 2 个附件"], // invariant 20: not 「已同步」
    [state({ refused_blobs: 1, pending: 1 }), "1 个附件服务器没有收下"],
    [state({ online: false, parked: 1 }), "离线，1 条待处理"],
    [state({}, { phase: "downloading", percent: 62.9 }), "正在下载 62%"],
    [state({ parked: 1, pending: 3 }, { phase: "error" }), "1 条待处理"],
    [state({ pending: 9999 }, { phase: "pushing" }), "待上传 9,999 条"],
    [state({}, { phase: "error" }), "暂时连不上服务器"],
    [state({ pending: 2 }, { phase: "stalled" }), "同步没有进展，待上传 2 条"],
    [state({ online: false, pending: 1, oldest_at: "2026-11-20T02:23:00.000Z" }), "离线，1 条超过一天没上传"],
    [state({ online: false, pending: 1, oldest_at: "2026-11-20T02:25:00.000Z" }), "离线，待上传 1 条"],
    [state({}, { last_at: null }), "还没同步过"],
    [null, "还没同步过"],
  ];
  for (const [given, expected] of cases) assert.equal(syncWords(given, NOW).text, expected);
});

test("a branch whose data are not here is never called done: it says how they come, and that work is safe", () => {
  const cases = [
    [state({ branch: "SZ01", loaded: false }), true],
    [state({ branch: "SZ01", loaded: false, online: false }, { phase: "offline" }), true],
    [state({ branch: "SZ01", loaded: false }, { phase: "downloading", percent: 3 }), false],
    [state({ branch: "SZ01", loaded: false }, { last_at: null }), false], // a first sync is about to begin
    [state({ branch: "SZ01", loaded: false }, { phase: "error" }), true],
    [state({ branch: "SZ01", loaded: true }), false],
    [state({ branch: null, loaded: false }), false],
    [state({ branch: "SZ01" }), false],
    [null, false],
  ];
  for (const [given, expected] of cases) assert.equal(isAbsent(given), expected, JSON.stringify(given));
  const [heading, text] = T.empty.absent;
  assert.match(heading, /^本店数据还没下载到这台平板$/u);
  assert.match(text, /连一次网络.*保存过的内容都在/u);
});

test("fields read what can be read and pass on the rest for the schema to refuse", () => {
  const cases = [
    [{ type: "integer" }, "12,000", 12_000],
    [{ type: "integer" }, "12.5", "12.5"],
    [{ type: "integer" }, "１２", "１２"],
    [{ type: "integer", unit: "fen" }, "299.5", 29_950],
    [{ type: "integer", unit: "fen" }, "三百", "三百"],
    [{ type: "phone" }, "138 0013-8000", "13800138000"],
    [{ type: "plate" }, "粤a·d12345", "粤AD12345"],
    [{ type: "vin" }, "lgx c16af4 m0123456", "LGXC16AF4M0123456"],
    [{ type: "instant" }, "2026-11-21T00:30", "2026-11-20T16:30:00.000Z"],
    [{ type: "text" }, " 异响 ", " 异响 "],
    [{ type: "text" }, "  ", null],
  ];
  for (const [field, text, value] of cases) assert.equal(readValue({ label: "", ...field }, text), value, text);
  assert.equal(writeValue({ type: "integer", unit: "fen", label: "" }, "三百"), "三百");
  assert.equal(writeValue({ type: "instant", label: "" }, "nonsense"), "");
  assert.equal(writeValue({ type: "date", label: "" }, null), "");
});

test("a problem names its field and what to do", () => {
  const codes = { "field.required": { message: "请填写。" }, "field.too_long": { message: "最多 {max} 个字。" } };
  const say = (code, field) => problemText(codes, { field: "x", code }, field);
  assert.equal(say("field.required", { type: "text", label: "姓名" }), "请填写「姓名」。");
  assert.equal(say("field.required", { type: "code", label: "性质" }), "请选择「性质」。");
  assert.equal(say("field.too_long", { type: "text", label: "备注", max: 500 }), "备注：最多 500 个字。");
  assert.equal(say("field.range", { type: "integer", label: "里程", min: 0, max: 9 }), "里程：应在 0 到 9 之间。");
  assert.equal(say("op.unheard"), "op.unheard");
  assert.equal(problemText(codes, { field: "", code: "x", message: "照这句说" }), "照这句说");
});

test("a signature fits the schema however much was drawn", () => {
  const scribble = Array.from({ length: 40 }, (_, k) =>
    Array.from({ length: 400 }, (_, i) => ({ x: 100 + 90 * Math.sin(i * 0.7 + k), y: 80 + 70 * Math.cos(i * 0.3) })),
  );
  const dense = Array.from({ length: 6000 }, (_, i) => ({ x: 160 + (i / 40) * Math.sin(i / 40), y: 80 + (i % 97) / 3 }));
  const text = signatureString(scribble, 320.4, 160);
  assert.equal(text, null, "a scribble that no thinning makes short enough is refused, not cut");
  const long = signatureString([dense], 320.4, 160) ?? "";
  assert.ok(long.length > MAX_LENGTH / 2 && long.length <= MAX_LENGTH && signaturePath(long));
  const few = signatureString([scribble[0]?.slice(0, 50) ?? []], 320.4, 160);
  assert.match(few ?? "", /^320 160 M [0-9ML .-]+$/);
  assert.equal(signatureString([], 320, 160), null);
  assert.match(signatureString([[{ x: 5, y: 5 }]], 320, 160) ?? "", /M 5 5 L 6 5$/);
});

test("only our own vector string is drawn as a signature", () => {
  for (const bad of ["", null, 7, "320 120", "320 120 M 1 2 <script>", 'a b M 1 2"', `9 9 M${" 1".repeat(MAX_LENGTH)}`]) {
    assert.equal(signaturePath(bad), null);
  }
  assert.deepEqual(signaturePath("320 120 M 1 2 L 3 -4.5"), { w: 320, h: 120, d: "M 1 2 L 3 -4.5" });
});

test("a literal address beats a parameter, whatever the order", () => {
  const route = (path) => ({ path, tag: `page${path}`, load: async () => {} });
  const routes = ["/complaints/:id", "/complaints/new", "/complaints", "/call/:task"].map(route);
  const find = (path) => matchPath(routes, path);
  assert.equal(find("/complaints/new?vehicle=1")?.route.path, "/complaints/new");
  assert.deepEqual(find("/complaints/new?vehicle=1")?.query, { vehicle: "1" });
  assert.deepEqual(find("/complaints/a%2Fb")?.params, { id: "a/b" });
  assert.equal(find("/complaints/")?.route.path, "/complaints");
  assert.equal(find("/call/"), null);
  assert.equal(find("/nowhere"), null);
});
