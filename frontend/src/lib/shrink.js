// Why it exists: a photo is made small enough for a shop's network before it is hashed and stored; drawing it anew also leaves
// behind where and with what it was taken (EXIF).

const MOST_PX = 2560;
const QUALITY = 0.85;

/**
 * A picture as an upright JPEG of at most 2560 px; anything else as it is, and so is a picture that this browser cannot open
 * (the worker judges it by its content).
 * @param {Blob} file @returns {Promise<Blob>}
 */
export async function shrink(file) {
  if (!file.type.startsWith("image/")) return file;
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return file;
  const scale = Math.min(1, MOST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return file;
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff"; // what is see-through is white, as on paper
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return made ?? file;
}
