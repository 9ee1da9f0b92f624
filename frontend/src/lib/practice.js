// Why it exists: a tab that practises is another app in the same place: it begins and ends with a reload, and every module
// that could reach a server asks here first.

const FLAG = "chedang.practice";

/** Is this tab practising? */
export const isPractice = () => sessionStorage.getItem(FLAG) === "yes";

/** Begins to practise, from the start page on. */
export function beginPractice() {
  sessionStorage.setItem(FLAG, "yes");
  location.assign("/");
}

/** Back to the real tablet, which is locked. */
export function leavePractice() {
  sessionStorage.removeItem(FLAG);
  location.assign("/");
}
