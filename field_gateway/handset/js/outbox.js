/**
 * The outbox: each message is on the phone, as the very bytes that will be sent, before anything else happens to it.
 *
 * A record: {id, seq, type, body, sig, worker, at, state, tries, sent, receipt, media: [ids], first, base, replaced, owes}.
 * `state`: waiting (the server does not have it), media (it has the words, not all photos), done, failed, conflict;
 * `owes`: the server keeps it as a conflict and waits for its photos; `flawed`: it would not have one of them.
 * Only a receipt takes a message out; what is not a report goes when it is kept, a report stays as history.
 */
import { all, get, put, together } from "./db.js";
import { read, seal, topicOf, write } from "./envelope.js";
import { uuid7 } from "./ids.js";
import { outcome } from "./receipts.js";
import { statusOf } from "./health.js";

const WITH_STATUS = ["clock", "task", "message", "position"];
const KEPT_DAYS = 60;
const HELD_MS = 30_000;

export class Outbox {
  #app;
  #turn = Promise.resolve();

  constructor(app) {
    this.#app = app;
  }

  /**
   * Write a message down; when this resolves it survives a power cut. `media`: [{id, kind, type, size, sha256, blob}],
   * `draft`: the name of the draft that is thereby done, `first` and `base` of an edit, `also(stores)` what else belongs to it.
   * Raises what IndexedDB raises (QuotaExceededError: the phone is full).
   */
  add(type, fields, { media = [], draft = "", first = "", base = 0, replaces = null, also = null } = {}) {
    return this.#one(async () => {
      const { device, worker, session } = this.#app.state;
      const look = this.#app.clock.look();
      const old = replaces ? await get("outbox", replaces) : null;
      // Never handed to the network: the same message, written anew. Otherwise its bytes must stay as they are.
      const anew = old && old.state === "waiting" && !old.tries ? old : null;
      const seq = anew ? anew.seq : ((await get("meta", "seq")) ?? 0) + 1;
      const id = anew ? anew.id : uuid7(look.at);
      const whole = { ...fields };
      if (media.length) whole.media = media.map(({ id: one, kind, type: mime, size, sha256, of }) => ({ id: one, kind, type: mime, size, sha256, ...(of ? { of } : {}) }));
      if (WITH_STATUS.includes(type)) whole.status = await statusOf(this.#app);
      const body = write({ type, id, seq, look, login: session?.login, fields: whole });
      const sig = device.key ? await seal(device.key, topicOf(device.name, type), body) : "";
      const record = {
        id, seq, type, body, sig, worker: worker?.id ?? "", at: look.at, state: "waiting", tries: 0, sent: 0, next: 0,
        receipt: null, media: media.map((one) => one.id), first: first || id, base, replaced: "",
      };
      await together(["meta", "outbox", "media", "drafts", "tasks", "messages"], (stores) => {
        if (!anew) stores.meta.put(seq, "seq");
        stores.outbox.put(record);
        for (const one of media) stores.media.put({ ...one, report: id, received: one.received ?? 0, state: one.state ?? "due" });
        if (old && !anew) stores.outbox.put({ ...old, replaced: id });
        if (anew) for (const gone of old.media) if (!record.media.includes(gone)) stores.media.delete(gone);
        if (draft) stores.drafts.delete(draft);
        also?.(stores, record);
      });
      await this.count();
      this.#app.everywhere("outbox", { id });
      return record;
    });
  }

  /** Every record, oldest first. */
  async records() {
    return (await all("outbox")).sort((one, other) => one.seq - other.seq);
  }

  /** What the server does not have yet, oldest first. */
  async waiting() {
    return (await this.records()).filter((one) => ["waiting", "media"].includes(one.state) || one.owes);
  }

  /** The reports of a worker, newest first; each with what it says as `said`. */
  async reports(worker) {
    const found = (await this.records()).filter((one) => one.type === "report" && one.worker === worker && !one.replaced);
    return found.reverse().map((one) => ({ ...one, said: read(one.body) }));
  }

  /** Note that a message is about to be handed to the network, before it is. */
  sending(id, look) {
    return this.#change(id, (record) => ({ ...record, tries: record.tries + 1, sent: look.at }));
  }

  /** Take a receipt for a message or a photo; resolves with the record it was for, or null. */
  async heed(receipt) {
    const record = receipt.id ? await get("outbox", receipt.id) : null;
    if (record) return this.#heedMessage(record, receipt);
    const medium = receipt.id ? await get("media", receipt.id) : null;
    return medium ? this.#heedMedia(medium, receipt) : null;
  }

  #heedMessage(record, receipt) {
    return this.#one(async () => {
      const now = await get("outbox", record.id);
      if (!now) return null;
      const result = outcome(now, receipt);
      if (result === "wait") return now;
      const states = new Map((receipt.media ?? []).map((one) => [one.id, one.received]));
      const media = (await Promise.all(now.media.map((id) => get("media", id)))).filter(Boolean);
      await together(["outbox", "media"], (stores) => {
        if (result === "forget") return void stores.outbox.delete(now.id);
        for (const one of media) if (states.has(one.id)) mark(one, states.get(one.id));
        const left = media.some((one) => one.state === "due");
        // What came before stands: a late "again" never takes a refused photo or a settled conflict back.
        now.state = result === "kept" ? (left ? "media" : "done") : result;
        now.owes = result === "conflict" && receipt.code === "edit-conflict" && left;
        now.receipt = receipt;
        stores.outbox.put(now);
        for (const one of media) stores.media.put(now.state === "done" ? bare(one) : one);
        return undefined;
      });
      await this.#told(now.id);
      return now;
    });
  }

  #heedMedia(medium, receipt) {
    return this.#one(async () => {
      const one = await get("media", medium.id);
      const record = one ? await get("outbox", one.report) : null;
      if (!record || one.state === "whole") return null;
      const state = (receipt.media ?? []).find((each) => each.id === one.id);
      if (state) mark(one, state.received);
      // May pass, but others need not wait for it.
      if (["unknown-media", "failed"].includes(receipt.code)) one.after = Date.now() + HELD_MS;
      if (receipt.status === "refused" && !["offset", "chunk-damaged", "unknown-media", "failed"].includes(receipt.code)) {
        one.state = "failed";
        one.reason = receipt.reason ?? receipt.code;
      }
      const media = (await Promise.all(record.media.map((id) => (id === one.id ? one : get("media", id))))).filter(Boolean);
      const left = media.some((each) => each.state === "due");
      if (record.state === "media" && !left) record.state = "done";
      record.owes &&= left;
      record.flawed = media.some((each) => each.state === "failed");
      await together(["outbox", "media"], (stores) => {
        stores.outbox.put(record);
        for (const each of media) stores.media.put(record.state === "done" ? bare(each) : each);
      });
      await this.#told(record.id);
      return record;
    });
  }

  /** Everything up to a number is kept, and these ids are. */
  async heedMany({ upto = 0, ids = [] }) {
    const kept = new Set(ids);
    for (const record of await this.waiting()) {
      if (record.state === "waiting" && record.tries && (record.seq <= upto || kept.has(record.id))) {
        await this.heed({ id: record.id, status: "kept" });
      }
    }
  }

  /** Wait, some ms at most, until no words wait; whether it was so. */
  async flushed(ms) {
    const end = Date.now() + ms;
    while (Date.now() < end) {
      const left = await this.waiting();
      if (!left.some((one) => one.type !== "report" || one.state === "waiting")) return true;
      await new Promise((done) => setTimeout(done, 200));
    }
    return false;
  }

  /** Forget what the worker throws away; only what the server refused or never had. */
  drop(id) {
    return this.#one(async () => {
      const record = await get("outbox", id);
      if (!record || !["failed", "conflict"].includes(record.state)) return;
      await together(["outbox", "media"], (stores) => {
        stores.outbox.delete(id);
        for (const one of record.media) stores.media.delete(one);
      });
      await this.#told(id);
    });
  }

  /** Forget what was delivered long ago. */
  async tidy(now = Date.now(), days = KEPT_DAYS) {
    for (const record of await this.records()) {
      const old = record.at < now - days * 86_400_000;
      if (old && record.type === "report" && (record.state === "done" || record.replaced)) {
        await together(["outbox", "media"], (stores) => {
          stores.outbox.delete(record.id);
          for (const one of record.media) stores.media.delete(one);
        });
      }
    }
  }

  /** Count what waits, for the bar above. */
  async count() {
    const records = await this.records();
    this.#app.set({
      waiting: records.filter((one) => ["waiting", "media"].includes(one.state) || one.owes).length,
      failed: records.filter((one) => one.type === "report" && !one.replaced && ["failed", "conflict"].includes(one.state) && one.worker === this.#app.state.worker?.id).length,
    });
  }

  async #told(id) {
    await this.count();
    this.#app.everywhere("outbox", { id });
  }

  #change(id, change) {
    return this.#one(async () => {
      const record = await get("outbox", id);
      if (record) await put("outbox", change(record));
    });
  }

  // One change after another, in this tab and in all: a number is given once.
  #one(work) {
    const next = this.#turn.then(() => navigator.locks.request("gridline-outbox", work));
    this.#turn = next.catch(() => undefined);
    return next;
  }
}

function mark(medium, received) {
  medium.received = Math.max(medium.received, received);
  if (medium.received >= medium.size && medium.state === "due") medium.state = "whole";
}

/** What is kept of a delivered photo: the small picture; the rest is at the server. */
function bare(medium) {
  return medium.kind === "thumb" || medium.state !== "whole" ? medium : { ...medium, blob: null };
}
