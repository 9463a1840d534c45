/** What came down: tasks and messages, kept on the phone, answered when they were shown. */
import { all, get, put } from "./db.js";

export class Inbox {
  #app;

  constructor(app) {
    this.#app = app;
  }

  /** Take a task as it came (again). */
  async task(message) {
    const before = await this.#one(() => this.#takeTask(message));
    await this.#told("tasks");
    if (!before && !message.recalled) this.#ring();
  }

  async #takeTask(message) {
    const before = await get("tasks", message.task);
    if (message.recalled) {
      // Told again until we say that it is gone.
      if (before?.gone) return before;
      const gone = { task: message.task, worker: "", at: Date.now(), state: "recalled", ...before, gone: true };
      if (gone.state === "open") gone.state = "recalled";
      await this.#app.outbox.add("task", { task: message.task, what: "gone" }, { also: ({ tasks }) => tasks.put(gone) });
      return before;
    }
    // Sent again until it was shown: nothing new then.
    const state = before && before.state !== "recalled" ? before.state : "open";
    await put("tasks", { ...before, ...message, state, worker: this.#app.state.worker?.id ?? "", at: before?.at ?? Date.now(), shown: before?.shown ?? false, gone: false });
    return before;
  }

  /** Take a message of the office. */
  async message(message) {
    if (message.type === "wipe") {
      await this.#app.outbox.add("message", { message: message.id, what: "shown" });
      await this.#app.outbox.flushed(8_000);
      await this.#app.session.wipe();
      return;
    }
    const before = await this.#one(async () => {
      const had = await get("messages", message.id);
      if (!had) await put("messages", { ...message, mine: false, worker: this.#app.state.worker?.id ?? "", got: Date.now(), seen: false });
      return had;
    });
    if (message.type === "blocked") this.#app.set({ blocked: true });
    await this.#told("messages");
    if (!before) this.#ring();
  }

  /** Take the whole state that a poll gives: what is not in it any more is over. */
  async whole({ tasks = [], recalled = [], messages = [] }) {
    for (const task of tasks) await this.task(task);
    for (const task of recalled) await this.task({ task, recalled: true });
    for (const message of messages) await this.message(message);
  }

  /** The worker has it on the screen: say so, once. */
  async shown(kind, id) {
    const store = kind === "task" ? "tasks" : "messages";
    const isNew = await this.#one(async () => {
      const one = await get(store, id);
      if (!one || one.shown || one.mine) return false;
      const fields = kind === "task" ? { task: id, what: "shown" } : { message: id, what: "shown" };
      await this.#app.outbox.add(kind, fields, { also: (stores) => stores[store].put({ ...one, shown: true, seen: true }) });
      return true;
    });
    if (isNew) await this.#told(store);
  }

  /** Write to the desk. */
  async write(text) {
    await this.#app.outbox.add("message", { text, to: "desk" }, {
      also: ({ messages }, record) => messages.put({ v: 1, id: record.id, type: "text", mine: true, text, at: new Date(record.at).toISOString(), worker: record.worker, seen: true }),
    });
    await this.#told("messages");
  }

  /** The tasks of who is logged in: open ones first, the one due soonest on top. */
  async tasks() {
    const mine = (await all("tasks")).filter((one) => one.worker === this.#app.state.worker?.id);
    const rank = { open: 0, answered: 1, recalled: 2 };
    return mine.sort((one, other) => rank[one.state] - rank[other.state] || String(one.expires ?? "9").localeCompare(String(other.expires ?? "9")));
  }

  /** The messages of who is logged in, newest first; what has expired is not shown. */
  async messages(now = Date.now()) {
    const mine = (await all("messages")).filter((one) => one.worker === this.#app.state.worker?.id && !(one.expires && new Date(one.expires) < now));
    return mine.sort((one, other) => new Date(other.at ?? other.got) - new Date(one.at ?? one.got));
  }

  /** A report for a task was written; within that transaction. */
  static answered(stores, task) {
    stores.tasks.put({ ...task, state: "answered", shown: true });
  }

  /** Count what is open and unseen, for the bar below. */
  async count() {
    this.#app.set({
      tasks: (await this.tasks()).filter((one) => one.state === "open").length,
      unseen: (await this.messages()).filter((one) => !one.seen && !one.mine).length,
    });
  }

  // What comes by MQTT and by a poll at once, and what is shown meanwhile: one after the other, in all tabs.
  #one(work) {
    return navigator.locks.request("gridline-inbox", work);
  }

  async #told(event) {
    await this.count();
    this.#app.everywhere(event);
  }

  #ring() {
    // Only where the worker has touched the page before, else the browser complains.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([80, 60, 80]);
  }
}

