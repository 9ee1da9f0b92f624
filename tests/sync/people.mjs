// Why it exists: a made-up branch of any size for search and file tests, the same for the same seed.

/** A small seeded generator (mulberry32): `() => number` in [0, 1). @param {number} seed */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAMILY = [
  ["张", "zhang"],
  ["王", "wang"],
  ["李", "li"],
  ["陈", "chen"],
  ["刘", "liu"],
  ["欧阳", "ouyang"],
  ["周", "zhou"],
];
const GIVEN = [
  ["伟", "wei"],
  ["秀英", "xiuying"],
  ["娜", "na"],
  ["建国", "jianguo"],
  ["静", "jing"],
  ["晓东", "xiaodong"],
];
const MODELS = ["秦PLUS DM-i", "宋L EV", "海豹06", "汉DM-i", "元UP"];
const VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

/** A directory line as a snapshot has it. @param {() => number} chance @param {number} i */
export function line(chance, i) {
  const pick = (from) => from[Math.floor(chance() * from.length)];
  const id = `00000000-0000-7000-8000-${String(i).padStart(12, "0")}`;
  const plate = `粤${pick("ABCDE")}${Array.from({ length: 5 }, () => pick("0123456789ABCDEFGH")).join("")}`;
  const vin = `LGX${Array.from({ length: 14 }, () => pick(VIN)).join("")}`;
  const people = Array.from({ length: chance() < 0.3 ? 2 : 1 }, (_, n) => {
    const [family, given] = [pick(FAMILY), pick(GIVEN)];
    const phone = `13${Array.from({ length: 9 }, () => pick("0123456789")).join("")}`;
    const pinyin = `${family[1]}${given[1]} ${family[1][0]}${given[1][0]}`;
    return [`${id.slice(0, -1)}${n}`, family[0] + given[0], [phone], n ? "driver" : "owner", pinyin];
  });
  return [
    id,
    plate,
    vin,
    pick(MODELS),
    `SZ01-${String(i).padStart(6, "0")}`,
    people,
    Math.floor(i / 200),
    0,
    0,
    "白",
    "2026-03-01",
  ];
}

/** Directory lines as a chunk has them: sorted by id, one under the other. @param {any[][]} lines */
export function chunkOf(lines) {
  const sorted = [...lines].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return new TextEncoder().encode(sorted.map((one) => JSON.stringify(one)).join("\n"));
}
