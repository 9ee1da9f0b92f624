// Why it exists: a wording is read aloud as it stands, so its places in braces are filled with this customer and this car.
import { dateText } from "../lib/format.js";
import { branch, label, me, roles } from "./session.js";

/** @typedef {import("./session.js").Doc} Doc */

/** 先生 / 女士, nothing when it is not known. @param {string | null | undefined} gender */
export const titleOf = (gender) => (gender === "male" ? "先生" : gender === "female" ? "女士" : "");

/**
 * The values of {门店} {姓名} {职务} {客户} {称呼} {车型} {车牌} {日期} {热线}.
 * @param {{customer?: Doc | null, vehicle?: Doc | null, on?: string | null}} about `on`: delivery or hand-back
 * @returns {Record<string, string>}
 */
export function wordsFor({ customer, vehicle, on }) {
  const shop = branch();
  return {
    门店: shop.name ?? "",
    姓名: me()?.name ?? "",
    职务: me()?.title || label("role", roles()[0]),
    客户: customer?.name ?? "您",
    称呼: titleOf(customer?.gender),
    车型: vehicle?.model ?? "爱车",
    车牌: vehicle?.plate ?? "（尚未上牌）",
    日期: on ? dateText(on) : "前几天",
    热线: shop.hotline || "本店电话",
  };
}

/** Fills the places; an unknown one stays visible. @param {string | null | undefined} text @param {Record<string, string>} words */
export const fill = (text, words) => (text ?? "").replace(/\{([^{}]{1,8})\}/g, (all, name) => words[name] ?? all);

/** `sms:` link with the text filled in (D-C20). @param {string} phone @param {string} text */
export const smsLink = (phone, text) => `sms:${phone}?body=${encodeURIComponent(text)}`;
