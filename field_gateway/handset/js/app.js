/**
 * What every page gets: `app`.
 *
 * t(key, values) words · api.get(path) JSON or ApiError · db.get/put/all/del(store, …) · state {device, worker, online, duty, …}
 * · on(event, f) until the page is left · go(page, params) · position.last() → {lon, lat, accuracy, fixed_at} or null
 *
 * Events: state, outbox, tasks, messages, position, language, page.
 */
import { Api } from "./api.js";
import * as db from "./db.js";
import { Events } from "./events.js";
import { learn, t } from "./i18n.js";
import { Position } from "./position.js";

export class App {
  #events = new Events();

  constructor() {
    this.t = t;
    this.db = db;
    /** device {name, …} or null · worker {id, name, login} or null · online · way "mqtt" | "https" | "" · duty bool · waiting, failed counts. */
    this.state = { device: null, worker: null, session: null, online: false, way: "", duty: false, waiting: 0, failed: 0, unseen: 0, tasks: 0 };
    this.config = {};
    this.api = new Api(() => ({
      device: this.state.device?.name, secret: this.state.device?.secret, token: this.state.session?.token, base: "",
    }));
    this.position = new Position(this);
    this.router = null;
  }

  on(event, hear) {
    return this.#events.on(event, hear);
  }

  emit(event, detail) {
    this.#events.emit(event, detail);
  }

  /** Tell the other tabs too. */
  everywhere(event, detail) {
    this.#events.everywhere(event, detail);
  }

  go(name, params, options) {
    return this.router.go(name, params, options);
  }

  /** Change the state and tell of it, if anything did change. */
  set(change) {
    const before = JSON.stringify(this.state);
    Object.assign(this.state, change);
    if (JSON.stringify(this.state) !== before) this.emit("state", this.state);
  }

  /** Another language, at once. */
  async speak(code) {
    await learn(code);
    this.emit("language", code);
  }
}
