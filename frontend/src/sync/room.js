// Why it exists: a full disk is told in the product's own words, never the browser's, and keeps no tablet open or locked.

import { Refusal } from "./refusal.js";

const SAID = {
  save: "本机存储空间不足，没有保存成功；内容还在页面上，请清理空间后再保存。",
  enter: "本机存储空间不足，登录信息存不下；请清理空间后再登录。",
  leave: "本机存储空间不足，平板已经锁定，但还没能从本机移除；请清理空间后登录，再移除一次。",
  branch: "本机存储空间不足，没能切换门店；请清理空间后再试。",
};

/** @param {unknown} error */
const isFull = (error) => error instanceof DOMException && error.name === "QuotaExceededError";

/** For a `catch`: says of a full disk what could not be done. @param {keyof typeof SAID} what
 * @returns {(error: unknown) => never} throws app.no_room */
export const noRoomTo = (what) => (error) => {
  if (isFull(error)) throw new Refusal("app.no_room", SAID[what]);
  throw error;
};

/** For a `catch`: false, where a full disk kept something from being stored that can be done without.
 * @param {unknown} error @returns {false} */
export function withoutRoom(error) {
  if (!isFull(error)) throw error;
  return false;
}
