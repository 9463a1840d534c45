// The seat's line: opened once, kept in this tab over a reload, and let go of when the seat is somebody else's.
//
// Opening a seat makes a fresh secret and ends whatever talked under the earlier one. So that a reload in the middle of a
// call does not, the line is kept in sessionStorage, which is this tab's alone and gone with it, and registered again.

import { Claim } from "./claim.js";
import { feed } from "./feed.js";
import { failure } from "./seatorders.js";
import { get, insist, post, t } from "./lib.js";

const MADE_WITHIN = 15000;
const GONE_FOR = 6000; // so long a seat that was open is missing on the floor before we believe it is closed
const MICROPHONE = { NotAllowedError: "mic.refused", NotFoundError: "mic.none", SecurityError: "mic.insecure", NotReadableError: "mic.busy" };

export class Line extends EventTarget {
  /** Tells `trouble` (a text), `note` (a text), `resumed`, `changed`, `gone`. */
  constructor(seat, user, phone) {
    super();
    Object.assign(this, { seat, user, phone, opening: false, resumed: false, order: null, missing: null });
    this.mark = `gridline-line-${seat}`;
    this.claim = new Claim(seat, () => this.letGo("seat.taken_here"));
    phone.addEventListener("state", ({ detail }) => this.#registered(detail));
    feed.on("seat", (told) => {
      if (told.seat === seat && this.order && told.order !== this.order && !this.opening) this.letGo("seat.taken_elsewhere");
    });
    feed.on("floor", () => this.#look());
  }

  /** After a reload: take up the line this tab had, or open the seat again; nothing when another window has it. */
  resume() {
    this.claim.resume(() => this.#again()).then(() => { if (!this.claim.release && navigator.locks) this.#forget(); });
  }

  /** Open the seat here, whoever holds it. */
  async open() {
    await this.#hold(async () => {
      await this.claim.take();
      this.#tell("note", t("seat.opening"));
      const line = await insist(() => post("/api/seat/open"), (passing) => this.#tell("trouble", passing.message));
      this.order = line.order;
      await made(line.order);
      this.resumed = false;
      this.#keep(line);
      this.phone.start(line);
      this.claim.keep();
    });
  }

  /** The seat is somebody else's now, or closed: be silent here. */
  letGo(why) {
    this.order = null;
    this.#forget();
    this.phone.stop();
    this.phone.dropMicrophone();
    this.claim.drop();
    this.#tell("trouble", why ? t(why) : "");
    this.#tell("gone");
  }

  async #again() {
    const line = this.#kept();
    if (!line) { await this.open(); return; }
    await this.#hold(() => {
      this.order = line.order;
      this.resumed = true;
      this.#tell("resumed");
      this.phone.start(line);
    });
  }

  async #hold(take) {
    if (this.opening) return;
    this.opening = true;
    this.#tell("trouble", "");
    this.#tell("changed");
    try {
      await this.phone.takeMicrophone();
      await take();
      this.#tell("trouble", "");
    } catch (error) {
      this.claim.drop();
      this.#forget();
      this.phone.dropMicrophone();
      this.#tell("trouble", MICROPHONE[error.name] ? t(MICROPHONE[error.name]) : error.message);
    } finally {
      this.opening = false;
      this.#look(); // what the floor told meanwhile counts: it may not tell it again
      this.#tell("note", "");
      this.#tell("changed");
    }
  }

  #registered(state) {
    if (state === "registered") this.resumed = false;
    if (state !== "refused") return;
    const nobody = [undefined, "unreachable"].includes(feed.seats()[this.seat]?.state);
    if (this.resumed && nobody) {
      // The secret is worth nothing any more and nobody else sits here: the PBX, or another page of this tab, was new.
      this.#forget();
      this.phone.stop();
      this.open();
    } else this.letGo("seat.taken_elsewhere");
  }

  #look() {
    const here = Boolean(feed.seats()[this.seat]);
    if (here || !this.order || this.opening) {
      clearTimeout(this.missing);
      this.missing = null;
      if (here) this.seen = this.order;
    } else if (this.seen === this.order && feed.state === "up" && !this.missing) {
      this.missing = setTimeout(() => {
        this.missing = null;
        if (feed.state === "up" && !feed.seats()[this.seat] && this.order && !this.opening) this.letGo("seat.closed_elsewhere");
      }, GONE_FOR);
    }
  }

  #keep(line) { sessionStorage.setItem(this.mark, JSON.stringify({ ...line, for: this.user })); }

  #kept() {
    try {
      const line = JSON.parse(sessionStorage.getItem(this.mark));
      return line?.for === this.user && line.secret ? line : null;
    } catch { return null; }
  }

  #forget() { sessionStorage.removeItem(this.mark); }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

/** Wait until the telephone room has made the seat. */
async function made(wanted) {
  const end = Date.now() + MADE_WITHIN;
  while (Date.now() < end) {
    const { state, reason } = await insist(() => get(`/api/orders/${wanted}`));
    if (state === "observed") return;
    if (state === "failed") throw new Error(`${t("seat.cannot_open")} ${failure(reason)}`);
    await new Promise((go) => { setTimeout(go, 150); });
  }
  throw new Error(t("seat.no_bridge"));
}
