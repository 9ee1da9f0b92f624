// Why it exists: an object URL keeps its file alive and readable; locking the tablet must be able to end all of them.

/** @type {Set<string>} */
const open = new Set();

/** @param {Blob} blob @returns {string} an address of it, until it is closed or the tablet is locked */
export function openUrl(blob) {
  const url = URL.createObjectURL(blob);
  open.add(url);
  return url;
}

/** @param {string} url */
export function closeUrl(url) {
  open.delete(url);
  URL.revokeObjectURL(url);
}

/** Ends all that are open. */
export const closeUrls = () => [...open].forEach(closeUrl);
