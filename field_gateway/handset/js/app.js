/**
 * What every page gets: `app`.
 *
 * t(key, values) words · api.get(path) JSON or ApiError · db.get/put/all/del(store, …) · state {device, worker, online, duty, …}
 * · on(event, f) until the page is left, which `left` (AbortSignal) tells · here() whether nobody has gone elsewhere · go(page, params) · position.last() → {lon, lat, accuracy, fixed_at} or null
 * · has(page) whether there is such a page · config what the server said of itself · outbox, inbox, session, link the works.
 *
 * Events: state, outbox, tasks, messages, position, language, page, visible (it comes to the front), trouble.
 */
import { Api } from "./api.js";
import { Clock } from "./clock.js";
import * as db from "./db.js";
import { Events } from "./events.js";
import { learn, t } from "./i18n.js";
import { Inbox } from "./inbox.js";
import { Link } from "./link.js";
import { Outbox } from "./outbox.js";
import { PAGES } from "./pages/index.js";
import { Position } from "./position.js";
import { Session } from "./session.js";

export class App {
  #events = new Events();

  constructor() {
    this.t = t;
    this.db = db;
    /** device {name, …} or null · worker {id, name, login} or null · online · way "mqtt" | "https" | "" · duty bool · waiting, failed counts. */
    this.state = {
      device: null, worker: null, session: null, online: false, way: "", duty: false, waiting: 0, failed: 0, unseen: 0, tasks: 0,
      expired: false, blocked: false, offset: 0, nowhere: "",
    };
    this.config = {};
    this.code = "";
    this.clock = new Clock();
    this.api = new Api(() => ({
      device: this.state.device?.name, secret: this.state.device?.secret, token: this.state.session?.token, base: "",
      expired: () => this.session.expire(),
    }));
    this.position = new Position(this);
    this.session = new Session(this);
    this.outbox = new Outbox(this);
    this.inbox = new Inbox(this);
    this.link = new Link(this);
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

  has(name) {
    return PAGES.some((page) => page.name === name);
  }

  go(name, params, options) {
    return this.router.go(name, params, options);
  }

  /** Change the state and tell of it, if anything did change. */
  set(change) {
    const changed = Object.entries(change).some(([name, value]) => this.state[name] !== value);
    Object.assign(this.state, change);
    if (changed) this.emit("state", this.state);
  }

  /** Another language, at once. */
  async speak(code) {
    await learn(code);
    this.emit("language", code);
  }
}
