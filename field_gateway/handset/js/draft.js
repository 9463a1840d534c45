/**
 * What is being written: on the phone with every change, until it is sent or thrown away. A draft:
 * {name, text, category, place, media, whole, passed, edits: {id, first, base, replaces} | null, task: {task, case, contact, title} | null}.
 * `passed` is the answer to a task to check, null while it is not said.
 */
import { rfc3339 } from "./clock.js";
import { all, del, get, put } from "./db.js";
import { read } from "./envelope.js";
import { Inbox } from "./inbox.js";

/** Photos of one report; each is two media, a voice note one, and the server takes 24. */
export const MOST_PHOTOS = 9;
export const MOST_NOTES = 2;

export class Draft {
  #app;

  constructor(app, kept) {
    this.#app = app;
    Object.assign(this, kept);
  }

  /** The draft for a page's parameters: a new report, the answer to a task, or another version of a report. */
  static async open(app, { task = "", edit = "" } = {}) {
    const name = [app.state.worker.id, task || edit || "new"].join(":");
    const kept = await get("drafts", name);
    if (kept) return new Draft(app, kept);
    const fresh = { name, text: "", category: "", place: null, media: [], whole: false, passed: null, edits: null, task: null };
    if (task) {
      const found = await get("tasks", task);
      if (found) fresh.task = found;
    }
    if (edit) {
      const record = await get("outbox", edit);
      if (!record) return new Draft(app, fresh);
      const said = read(record.body);
      const unknown = record.state === "failed" || (record.state === "waiting" && !record.tries);
      Object.assign(fresh, { text: said.text, category: said.category ?? "", passed: said.passed ?? null, place: said.place ? { source: "gps", ...said.place } : null });
      if (said.task) fresh.task = (await get("tasks", said.task)) ?? { task: said.task, case: said.case, contact: said.contact, title: "" };
      // What the server never took is written anew with all it had; else this is the next version of what it has.
      if (unknown) fresh.media = (await Promise.all(record.media.map((id) => get("media", id)))).filter((one) => one?.blob);
      const base = record.state === "conflict" && record.receipt?.version ? record.receipt.version : record.receipt?.version ?? record.base + 1;
      const isNew = unknown && !record.base;
      fresh.edits = { replaces: record.id, first: isNew ? "" : record.first, base: isNew ? 0 : unknown ? record.base : base };
    }
    return new Draft(app, fresh);
  }

  /** Keep it. Raises what IndexedDB raises. */
  save() {
    const { name, text, category, place, media, whole, passed, edits, task } = this;
    return put("drafts", { name, text, category, place, media, whole, passed, edits, task }, name);
  }

  get isEmpty() {
    return !this.text.trim() && !this.media.length;
  }

  count(kind) {
    return this.media.filter((one) => one.kind === kind).length;
  }

  /** Take a photo or a note out, its small picture with it. */
  async without(id) {
    this.media = this.media.filter((one) => one.id !== id && one.of !== id);
    await this.save();
  }

  /** Throw it away. */
  drop() {
    return del("drafts", this.name);
  }

  /** Write the report down for sending. Raises what IndexedDB raises; the draft is still there then. */
  send() {
    const { text, category, place, media, passed, edits, task, name } = this;
    const fields = { text: text.trim() };
    if (task && !edits?.first) Object.assign(fields, { task: task.task, case: task.case, contact: task.contact });
    if (task && !edits?.first && typeof passed === "boolean") fields.passed = passed;
    if (category && !task && !edits?.first) fields.category = category;
    if (place) fields.place = placeOf(place);
    if (edits?.first) Object.assign(fields, { edits: edits.first, base: edits.base });
    // Small ones are announced, and go, first.
    const order = { thumb: 0, voice: 1, photo: 2 };
    const sorted = [...media].sort((one, other) => order[one.kind] - order[other.kind]).map((one) => ({ ...one, received: 0, state: "due", created: false }));
    return this.#app.outbox.add("report", fields, {
      media: sorted, draft: name, first: edits?.first ?? "", base: edits?.base ?? 0, replaces: edits?.replaces ?? null,
      also: (stores) => task?.title && Inbox.answered(stores, task),
    });
  }

  /** Names of the drafts of a worker that hold something. */
  static async waiting(app) {
    return (await all("drafts")).filter((one) => one.name.startsWith(`${app.state.worker.id}:`) && (one.text.trim() || one.media.length));
  }
}

/** Degrees to a tenth of a metre. */
const cut = (degrees) => Math.round(degrees * 1e6) / 1e6;

/** A place as it goes up: few bytes, so a satellite's fix of this very minute says no more than where. */
function placeOf({ lon, lat, accuracy, source, fixed_at }, now = Date.now()) {
  const at = fixed_at ? new Date(fixed_at).getTime() : now;
  return {
    lon: cut(lon), lat: cut(lat), ...(accuracy === undefined || accuracy === null ? {} : { accuracy: Math.ceil(accuracy) }), ...(source === "gps" ? {} : { source }),
    ...(Math.abs(now - at) < 60_000 ? {} : { fixed_at: rfc3339(at) }),
  };
}
