// Why it exists: iPadOS deletes what a page in its browser stored after some days without use; an app on the Home Screen
// keeps it. Only Safari there tells which of the two this is.

/** Is this Safari on an iPad or iPhone, and not opened from the Home Screen? */
export const wantsHomeScreen = () => /** @type {any} */ (navigator).standalone === false;
