/** What the worker should know of the phone, above every page: said plainly, with what to do. */
import { LITTLE_ROOM, space } from "./health.js";
import { bytes, t } from "./i18n.js";
import { banner, button, fill } from "./ui.js";

export class Notes {
  #app;
  #node;
  #room = null;
  #drawn = "";

  constructor(app, node) {
    this.#app = app;
    this.#node = node;
    app.on("state", () => this.draw());
    app.on("page", () => this.draw());
    app.on("language", () => { this.#drawn = ""; this.draw(); });
    app.on("outbox", () => this.look());
    app.on("update", (take) => { this.take = take; this.draw(); });
  }

  /** Look at the room that is left. */
  async look() {
    this.#room = await space();
    const { session } = this.#app.state;
    if (session?.expires && new Date(session.expires) < Date.now()) this.#app.session.expire();
    this.draw();
  }

  draw() {
    const { state } = this.#app;
    const known = state.device && state.worker;
    const little = this.#room && this.#room.free < LITTLE_ROOM;
    const said = JSON.stringify([state.blocked, state.expired, state.offset, known && state.nowhere, state.failed, little, Boolean(this.take), this.#app.router?.name]);
    if (said === this.#drawn) return;
    this.#drawn = said;
    const page = this.#app.router?.name;
    fill(this.#node,
      state.blocked ? banner("bad", t("note.blocked")) : null,
      state.expired && page !== "login" ? banner("warn", t("note.expired"), button(t("login.title"), () => this.#app.go("login"), { test: "note-login" })) : null,
      state.offset ? banner("warn", t("note.clock", { minutes: Math.abs(state.offset) })) : null,
      little ? banner("warn", t("note.room", { free: bytes(this.#room.free) })) : null,
      known && state.duty && state.nowhere === "refused" ? banner("warn", t("note.place_refused")) : null,
      state.failed && page === "home" && known ? banner("bad", t("note.failed", { n: state.failed }), button(t("note.look"), () => this.#app.go("history"), { test: "note-failed" })) : null,
      this.take ? banner("info", t("note.update"), button(t("note.take"), () => this.take(), { test: "note-update" })) : null,
    );
  }
}
