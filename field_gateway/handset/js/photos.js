/** Photos: scaled, upright, bare of everything that the camera wrote beside the picture; a small one goes ahead. */
import { sha256, uuid7 } from "./ids.js";

export const SIDE = 1600;
export const THUMB_SIDE = 256;
/** Pixels beyond which no photo is taken; the server has the same bound. */
const MOST_PIXELS = 48_000_000;

/**
 * A photo of a file: [thumb, photo], each {id, kind, type, size, sha256, blob}. `whole`: in its own size.
 * Raises Error with `code` "no-photo" when the file is none.
 */
export async function takePhoto(file, { whole = false } = {}) {
  let picture;
  try {
    // Upright as the camera was held; drawing it anew leaves EXIF, place and maker behind.
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw Object.assign(new Error(error.message), { code: "no-photo" });
  }
  try {
    const most = Math.sqrt(MOST_PIXELS / (picture.width * picture.height));
    const full = whole ? Math.min(1, most) : Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const id = uuid7();
    const photo = await drawn(picture, full, whole ? 0.92 : 0.78);
    const thumb = await drawn(picture, Math.min(1, THUMB_SIDE / Math.max(picture.width, picture.height)), 0.6);
    return [await medium(thumb, "thumb", id), await medium(photo, "photo", "", id)];
  } finally {
    picture.close();
  }
}

async function drawn(picture, scale, quality) {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const to = canvas.getContext("2d", { alpha: false });
  to.fillStyle = "#fff";
  to.fillRect(0, 0, canvas.width, canvas.height);
  to.imageSmoothingQuality = "high";
  to.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality });
}

/** What goes up of bytes: with its sum, and an id of its own. `of`: the photo that a thumb is of. */
export async function medium(blob, kind, of = "", id = uuid7()) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const type = blob.type.split(";")[0];
  return { id, kind, type, size: bytes.length, sha256: await sha256(bytes), blob: new Blob([bytes], { type }), ...(of ? { of } : {}) };
}
