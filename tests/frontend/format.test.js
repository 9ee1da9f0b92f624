// Why it exists: wording of times, numbers, plates and phones is judged by cases, whatever zone the machine has.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "../../frontend/src/lib/format.js";

const NOW = "2026-11-21T02:24:00.000Z";

/** @param {string} name @param {(...args: any[]) => unknown} fn @param {[any[], unknown][]} cases */
const check = (name, fn, cases) =>
  test(name, () => {
    for (const [given, expected] of cases) assert.deepEqual(fn(...given), expected, JSON.stringify(given));
  });

check("a deadline says what is left, until when, or how late (D-K3)", (clock) => f.deadlineWords({ now: NOW, ...clock }), [
  [[{ due: "2026-11-21T05:44:00.000Z" }], { text: "剩 3 小时 20 分", level: "soon" }],
  [[{ due: "2026-11-21T10:00:00.000Z" }], { text: "今天 18:00 前", level: "" }],
  [[{ due: "2026-11-21T18:00:00.000Z" }], { text: "明天 02:00 前", level: "" }],
  [[{ due: "2026-12-08T10:00:00.000Z" }], { text: "12-08 18:00 前", level: "" }],
  [[{ due: "2026-11-21T01:24:00.000Z" }], { text: "超时 1 小时", level: "late" }],
  [[{ due: "2026-11-21T02:23:59.000Z" }], { text: "超时 1 分", level: "late" }],
  [[{ due: NOW }], { text: "剩不到 1 分", level: "soon" }],
  [[{ due: "2026-11-21T10:00:00.000Z", state: "soon" }], { text: "今天 18:00 前", level: "soon" }],
  [[{ due: "2026-11-21T05:44:00.000Z", state: "running" }], { text: "剩 3 小时 20 分", level: "" }],
  [[{ due: NOW, state: "met" }], { text: "按时完成", level: "done" }],
  [
    [{ due: "2026-11-21T01:00:00.000Z", state: "missed", stopped: "2026-11-21T02:00:00.000Z" }],
    { text: "超时 1 小时完成", level: "late" },
  ],
]);

check("local time is UTC+8 (also at the turn of the day and the year)", (at) => f.instantText(at, NOW), [
  [["2026-11-21T02:24:00.000Z"], "今天 10:24"],
  [["2026-11-20T15:59:59.000Z"], "昨天 23:59"],
  [["2026-11-20T16:00:00.000Z"], "今天 00:00"],
  [["2026-11-18T16:00:00.000Z"], "11-19 00:00"],
  [["2025-12-31T16:00:00.000Z"], "01-01 00:00"],
  [["2025-12-31T15:59:00.000Z"], "2025-12-31 23:59"],
  [[null], ""],
]);

check("dates", f.dateText, [
  [["2026-11-21", NOW], "11月21日"],
  [["2025-01-02", NOW], "2025年1月2日"],
  [["2026-11-20T16:00:00.000Z", NOW], "11月21日"],
  [["", NOW], ""],
]);
check("today has its weekday", f.todayText, [[[NOW], "11月21日 周六"]]);
check("durations", f.durationText, [
  [[0], "不到 1 分"],
  [[59], "59 分"],
  [[60], "1 小时"],
  [[-200], "3 小时 20 分"],
  [[1440], "1 天"],
  [[1505], "1 天 1 小时"],
]);
check("clock of a call", f.clockText, [[[192_000], "03:12"], [[3_792_000], "1:03:12"], [[-5], "00:00"]]);
check("a typed local time becomes an instant", f.inputInstant, [
  [["2026-11-21T00:30"], "2026-11-20T16:30:00.000Z"],
  [["2026-11-21"], null],
  [["2026-13-41T00:30"], null],
]);
check("phones stand in groups", f.phoneText, [
  [["13800138000"], "138 0013 8000"],
  [["+8613800138000"], "+86 138 0013 8000"],
  [["075526881234"], "0755 2688 1234"],
  [["01065521234"], "010 6552 1234"],
  [["4008001234"], "400 800 1234"],
  [["12345"], "12345"],
  [[null], ""],
]);
check("phones are masked", f.phoneMask, [[["13800138000"], "138 **** 8000"], [["12345"], "*****"]]);
check("VINs stand in groups", f.vinText, [[["LGXC16AF4M0123456"], "LGX C16AF4 M0123456"], [["LGX"], "LGX"]]);
check("VINs are masked", f.vinMask, [[["LGXC16AF4M0123456"], "LGX ****** **123456"]]);
check("plates get their dot", f.plateText, [[["粤A12345"], "粤A·12345"], [["粤AD12345"], "粤A·D12345"], [["使014578"], "使014578"]]);
check("new energy has eight characters", f.isNewEnergy, [[["粤AD12345"], true], [["粤A12345"], false], [[null], false]]);
check("names are masked and addressed", (name) => [f.nameMask(name), f.honorific(name, "female")], [[["李梅"], ["李*", "李梅 女士"]]]);
check("money is read to the fen, never rounded", f.yuanToFen, [
  [["1,234.5"], 123_450],
  [["¥0.07"], 7],
  [["80元"], 8_000],
  [["1.234"], null],
  [["-5"], null],
  [["三百"], null],
]);
check("money is shown", (fen) => [f.moneyText(fen), f.fenToYuan(fen)], [
  [[123_450], ["¥1,234.50", "1234.5"]],
  [[7], ["¥0.07", "0.07"]],
  [[-100], ["−¥1.00", "-1"]],
  [[null], ["", ""]],
]);
check("counts", f.countText, [[[0], "0"], [[9999], "9,999"], [[1_234_567], "1,234,567"]]);
