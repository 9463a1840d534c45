/**
 * Positions while on duty: one fix a minute while the app is on the screen, sent ten at a time or every five minutes.
 * Off duty nothing is asked of the satellite receiver and nothing is kept.
 */
import { put, together } from "./db.js";

export const FIX_MS = 60_000;
export const SEND_MS = 300_000;
const MANY = 10;
const TRACK_DAYS = 7;

export class Patrol {
  #app;
  #timer = null;
  #points = [];
  #since = Date.now();

  constructor(app) {
    this.#app = app;
    app.on("state", () => this.#mind());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#send();
      this.#mind();
    });
    this.#mind();
  }

  #mind() {
    const wanted = this.#app.state.duty && Boolean(this.#app.state.worker) && document.visibilityState === "visible";
    if (wanted && !this.#timer) this.#timer = setTimeout(() => this.#fix(), 500);
    if (!wanted && this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = null;
      if (!this.#app.state.duty) this.#points = [];
    }
  }

  async #fix() {
    try {
      const fix = await this.#app.position.now({ age: FIX_MS / 2, timeout: 30_000 });
      this.#app.set({ nowhere: "" });
      const { lon, lat, accuracy, speed, bearing, altitude, fixed_at } = fix;
      if (this.#points.at(-1)?.fixed_at !== fixed_at && this.#app.state.duty) {
        this.#points.push(Object.fromEntries(Object.entries({ fixed_at, lon, lat, accuracy, speed, bearing, altitude, source: "gps" }).filter(([, value]) => value !== undefined)));
        await put("track", { fixed_at, lon, lat, accuracy, worker: this.#app.state.worker.id });
      }
      if (this.#points.length >= MANY || Date.now() - this.#since >= SEND_MS) await this.#send();
    } catch (error) {
      this.#app.set({ nowhere: error.code ?? "" });
    } finally {
      this.#timer = this.#timer && setTimeout(() => this.#fix(), FIX_MS);
    }
  }

  async #send() {
    this.#since = Date.now();
    const points = this.#points.splice(0).reverse();
    if (points.length && this.#app.state.duty) await this.#app.outbox.add("position", { points });
  }

  /** Forget the track of long ago. */
  static async tidy(now = Date.now()) {
    const before = new Date(now - TRACK_DAYS * 86_400_000).toISOString();
    await together(["track"], ({ track }) => track.delete(IDBKeyRange.upperBound(before)));
  }
}
