// Why it exists: plates, phones, VINs, names and money have one written form each; masked where a role need not see it.
import { toMs } from "./format.js";

const THIN = " ";

/** 138 0013 8000; 0755 2688 1234; 010 6552 1234; anything else as it is. @param {string | null | undefined} phone */
export function phoneText(phone) {
  const [, prefix, digits] = /^(\+86)?(.*)$/.exec(phone ?? "") ?? ["", "", ""];
  const cut = phoneCuts(digits);
  const groups = cut ? [digits.slice(0, cut[0]), digits.slice(cut[0], cut[1]), digits.slice(cut[1])] : [digits];
  return [prefix ?? "", ...groups].filter(Boolean).join(THIN);
}

/** @param {string} digits @returns {[number, number] | null} where the groups end */
function phoneCuts(digits) {
  if (/^1\d{10}$/.test(digits)) return [3, 7];
  if (/^[48]00\d{7}$/.test(digits)) return [3, 6];
  if (/^0(10|2\d)\d{7,8}$/.test(digits)) return [3, digits.length - 4];
  if (/^0\d{3}\d{7,8}$/.test(digits)) return [4, digits.length - 4];
  return null;
}

/** 138 **** 8000. @param {string | null | undefined} phone */
export function phoneMask(phone) {
  const text = phone ?? "";
  if (text.length < 7) return text.replace(/./g, "*");
  return `${text.slice(0, 3)}${THIN}****${THIN}${text.slice(-4)}`;
}

/** LGX C16AF4 M0123456 → maker, descriptor, serial: `LGX C16AF4 M0123456`. @param {string | null | undefined} vin */
export function vinText(vin) {
  const text = vin ?? "";
  return text.length === 17 ? [text.slice(0, 3), text.slice(3, 9), text.slice(9)].join(THIN) : text;
}

/** LGX ****** **123456. @param {string | null | undefined} vin */
export function vinMask(vin) {
  const text = vin ?? "";
  return text.length === 17 ? [text.slice(0, 3), "******", `**${text.slice(11)}`].join(THIN) : text;
}

/** 粤A·12345. @param {string | null | undefined} plate stored form without a dot */
export function plateText(plate) {
  const text = plate ?? "";
  return /^\p{Script=Han}[A-Z]/u.test(text) ? `${text.slice(0, 2)}·${text.slice(2)}` : text;
}

/** True for an eight-character plate, as new-energy cars have. @param {string | null | undefined} plate */
export const isNewEnergy = (plate) => [...(plate ?? "")].length === 8;

/** 张*; 欧阳** → the first character stays. @param {string | null | undefined} name */
export function nameMask(name) {
  const letters = [...(name ?? "")];
  return letters.map((letter, i) => (i ? "*" : letter)).join("");
}

/** 张伟 先生. @param {string | null | undefined} name @param {string | null} [gender] male, female or unknown */
export function honorific(name, gender = null) {
  const title = gender === "male" ? "先生" : gender === "female" ? "女士" : "";
  return [name, title].filter(Boolean).join(" ");
}

/** 9,999. @param {number | null | undefined} n */
export const countText = (n) => String(n ?? 0).replace(/\B(?=(\d{3})+$)/g, ",");

/** ¥1,234.50. @param {number | null | undefined} fen */
export function moneyText(fen) {
  if (fen === null || fen === undefined) return "";
  const abs = Math.abs(fen);
  return `${fen < 0 ? "−" : ""}¥${countText(Math.floor(abs / 100))}.${String(abs % 100).padStart(2, "0")}`;
}

/** "1234.5" for 123450; "" for none: what one types again. @param {number | null | undefined} fen */
export function fenToYuan(fen) {
  if (fen === null || fen === undefined) return "";
  const cents = String(Math.abs(fen) % 100).padStart(2, "0").replace(/0+$/, "");
  return `${fen < 0 ? "-" : ""}${Math.floor(Math.abs(fen) / 100)}${cents ? `.${cents}` : ""}`;
}

/** Fen of a typed amount ("1,234.5", "￥80"), null when it is none. @param {string} text */
export function yuanToFen(text) {
  const plain = text.replace(/[,，\s¥￥元]/g, "");
  const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

/**
 * Label of a code, the code itself when it is unknown.
 * @param {{lists: Record<string, {items: {code: string, label: string}[]}>} | null | undefined} schema
 * @param {string} list @param {string | null | undefined} code
 */
export function listText(schema, list, code) {
  return schema?.lists?.[list]?.items.find((item) => item.code === code)?.label ?? code ?? "";
}

/** Whole minutes between two instants. @param {string | number} from @param {string | number} to */
export const minutesBetween = (from, to) => Math.floor((toMs(to) - toMs(from)) / 60_000);
