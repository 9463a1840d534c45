/** Ids made on the phone: UUID version 7, so that they sort by when they were made. */
let last = 0;
let counter = 0;

/** A new id. Within a millisecond, and when the wall clock jumps back, ids go on rising. */
export function uuid7(now = Date.now()) {
  if (now > last) {
    last = now;
    counter = crypto.getRandomValues(new Uint16Array(1))[0] & 0x7ff;
  } else if (++counter > 0xfff) {
    last += 1;
    counter = 0;
  }
  const raw = crypto.getRandomValues(new Uint8Array(8));
  const hex = (value, digits) => value.toString(16).padStart(digits, "0");
  const rest = [...raw].map((byte) => hex(byte, 2)).join("");
  const time = hex(last, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-${hex(0x80 | (raw[0] & 0x3f), 2)}${rest.slice(2, 4)}-${rest.slice(4)}`;
}

/** Bytes as base64url without padding. */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** When an id was made, in ms. */
export const timeOf = (id) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** An id in 22 characters, and back. */
export const shortId = (id) => base64url(id.replaceAll("-", "").match(/../g).map((two) => parseInt(two, 16)));
export function uuidOf(short) {
  const raw = atob(short.replace(/-/g, "+").replace(/_/g, "/"));
  const hex = [...raw].map((one) => one.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** SHA-256 of bytes in lower-case hex. */
export async function sha256(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
