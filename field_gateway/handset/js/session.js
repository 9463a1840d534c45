/** Whose phone this is and who holds it: enrol once, log in and out, clock on and off. */
import { ApiError } from "./api.js";
import * as db from "./db.js";
import { STORES } from "./db.js";
import { read } from "./envelope.js";
import { makeKey } from "./keys.js";

export class Session {
  #app;

  constructor(app) {
    this.#app = app;
  }

  /** Take up what the phone knows. */
  async load() {
    const [device, worker, session, duty, config] = await Promise.all(["device", "worker", "session", "duty", "config"].map((name) => db.get("meta", name)));
    this.#app.config = config ?? {};
    this.#app.set({ device: device ?? null, worker: worker ?? null, session: session ?? null, duty: this.#onDuty(duty, worker) });
  }

  #onDuty = (duty, worker) => Boolean(duty?.on && worker && duty.worker === worker.id);

  /** Enrol this phone by a code. The key is kept before it is told, so that a lost answer can be asked for again. Raises ApiError. */
  async enrol(code, label) {
    const key = (await db.get("meta", "key")) ?? (await makeKey());
    await db.put("meta", key, "key");
    const told = await this.#app.api.post("/enrol", { code, public_key: key.public, label });
    const device = { name: told.device, secret: told.secret, mqtt: told.mqtt ?? "", key, label };
    // The device's numbers go on: the server may know messages of it already.
    await db.together(["meta"], ({ meta }) => {
      meta.put(device, "device");
      meta.delete("session");
      meta.delete("worker");
    });
    this.#app.set({ device, session: null, worker: null, duty: false });
    await this.ask();
  }

  /** Log in; `more`: {code, new_password} where the server asks for them. Raises ApiError. */
  async login(login, password, more = {}) {
    const asked = Object.fromEntries(Object.entries(more).filter(([, value]) => value));
    const told = await this.#app.api.post("/login", { login, password, ...asked });
    const session = { login: told.login, token: told.token, expires: told.expires };
    const worker = { id: String(told.worker.id), name: told.worker.name, login: told.worker.login };
    await db.together(["meta"], ({ meta }) => {
      meta.put(session, "session");
      meta.put(worker, "worker");
    });
    const duty = await db.get("meta", "duty");
    this.#app.set({ session, worker, duty: this.#onDuty(duty, worker), expired: false });
    await this.#app.outbox.count();
    await this.#app.inbox.count();
    this.#app.emit("tasks");
  }

  /** Clock on or off: written down at once, in force when the server has it. */
  async clock(on) {
    const duty = { on, worker: this.#app.state.worker.id, since: Date.now() };
    await this.#app.outbox.add("clock", { on }, { also: ({ meta }) => meta.put(duty, "duty") });
    this.#app.set({ duty: on });
  }

  /** The server did not take what is no report: what it stood for is taken back, and said. */
  async refused(record, receipt) {
    if (record.type === "clock") {
      const duty = await db.get("meta", "duty");
      const on = !read(record.body).on;
      if (duty && duty.since <= record.at + 1000) {
        await db.put("meta", { ...duty, on }, "duty");
        this.#app.set({ duty: this.#onDuty({ ...duty, on }, this.#app.state.worker) });
      }
      this.#app.emit("trouble", { key: "duty.refused", reason: receipt.reason ?? receipt.code });
    } else if (record.type === "message") {
      const mine = await db.get("messages", record.id);
      if (mine) await db.put("messages", { ...mine, failed: receipt.reason ?? receipt.code });
      this.#app.everywhere("messages");
    }
  }

  /** Leave, with or without clocking off. Resolves with whether the server was told. */
  async logout(off) {
    if (off && this.#app.state.duty) await this.clock(false);
    let told = true;
    try {
      if (off) await this.#app.outbox.flushed(6_000);
      await this.#app.api.post("/logout", {}, { timeout: 8_000 });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      told = error.status !== 0;
    }
    if (off && this.#app.state.waiting) told = false;
    await db.together(["meta"], ({ meta }) => {
      meta.delete("session");
      meta.delete("worker");
    });
    this.#app.set({ session: null, worker: null, duty: false });
    return told;
  }

  /** Ask the server what it is; what it says of the time is compared with ours. Without an answer nothing changes. */
  async ask() {
    const before = Date.now();
    const config = await this.#app.api.get("/config", { timeout: 10_000 });
    const offset = new Date(config.now).getTime() - (before + Date.now()) / 2;
    this.#app.config = { ...config, offset };
    await db.put("meta", this.#app.config, "config");
    this.#app.set({ offset: Math.abs(offset) > 120_000 ? Math.round(offset / 60_000) : 0 });
  }

  /** The server no longer knows this log-in: what was written stays and is sent all the same. */
  expire() {
    if (this.#app.state.session) this.#app.set({ expired: true });
  }

  /** Forget everything on this phone: the office said so. */
  async wipe() {
    for (const name of Object.keys(STORES)) await db.clear(name);
    this.#app.set({ device: null, worker: null, session: null, duty: false, waiting: 0, failed: 0, tasks: 0, unseen: 0 });
    this.#app.link.restart(); // with a device that is nobody's now: it hangs up
    this.#app.emit("wiped");
  }
}
