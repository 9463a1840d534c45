/**
 * The courier: what is sent next. Pure.
 *
 * Small before large, newest position before old ones, all positions after words; a photo goes piece by piece, and only
 * while no words wait. What must be known first (being on duty, the version that an edit was made from) goes first alone.
 */
import { pause } from "./receipts.js";

/** Messages on the way at once. */
export const WINDOW = 8;
const BIG = { thumb: 0, voice: 1, photo: 2 };

/**
 * `records`: waiting ones, oldest first. `flying`: id → ms when it was sent. Gives the records to be sent now.
 */
export function nextMessages(records, flying, now) {
  const free = (record) => !flying.has(record.id) || now - flying.get(record.id) >= 1000 * pause(record.tries);
  const words = records.filter((one) => one.type !== "position" && one.state === "waiting");
  const chosen = [];
  const open = new Set();
  let away = words.filter((one) => flying.has(one.id)).length;
  for (const record of words) {
    // The version before must be known to the server first.
    if (record.first !== record.id && open.has(record.first)) continue;
    open.add(record.first);
    const again = flying.has(record.id);
    if (free(record) && (again || away < WINDOW)) {
      chosen.push(record);
      if (!again) away += 1;
    }
    // Tasks and positions depend on being on duty: the receipt of the clock first.
    if (record.type === "clock") break;
  }
  if (chosen.length || words.some((one) => one.type === "clock")) return chosen;
  const positions = records.filter((one) => one.type === "position" && one.state === "waiting");
  if (positions.some((one) => flying.has(one.id) && !free(one))) return [];
  return positions.length ? [positions[positions.length - 1]] : [];
}

/** Ms until the first message is late with its receipt; Infinity if none is on the way. */
export function late(records, flying, now) {
  const tries = new Map(records.map((one) => [one.id, one.tries]));
  return Math.min(...[...flying].map(([id, at]) => at + 1000 * pause(tries.get(id) ?? 1) - now), Infinity);
}

/** The photo or voice note that goes on now, or null: of reports that the server has, the small first, then the oldest. */
export function nextMedium(records, media, now) {
  const order = new Map(records.filter((one) => one.state === "media" || one.owes).map((one) => [one.id, one.seq]));
  const due = media.filter((one) => one.state === "due" && order.has(one.report) && !(one.after > now));
  due.sort((one, other) => BIG[one.kind] - BIG[other.kind] || order.get(one.report) - order.get(other.report));
  return due[0] ?? null;
}

/** Bytes of the next piece: about three seconds of what the line has shown, within 4 KiB and `most`. */
export function pieceSize(bytesPerSecond, most = 64 * 1024) {
  if (!bytesPerSecond) return Math.min(12 * 1024, most);
  return Math.max(4 * 1024, Math.min(most, Math.round((3 * bytesPerSecond) / 1024) * 1024));
}

/** Ms until a photo that is held back may go on; Infinity if none is. */
export const held = (media, now) => Math.min(...media.filter((one) => one.state === "due" && one.after > now).map((one) => one.after - now), Infinity);
