// A supervisor's own seat on the wallboard: its softphone, so that listening needs no other page.

import { clock, get, insist, now, post, put, t } from "./lib.js";
import { Claim } from "./claim.js";
import { feed } from "./feed.js";
import { quiet, ring } from "./ring.js";
import { Softphone } from "./softphone.js";

const PATIENCE = 15000;
const pill = document.querySelector("[data-pill=phone]");

export class OwnPhone {
  constructor(root, seat) {
    this.seat = seat;
    this.box = root.querySelector("[data-phone]");
    this.part = (name) => this.box.querySelector(`[data-${name}]`);
    this.key = (name) => this.box.querySelector(`[data-phonekey=${name}]`);
    window.gridline ??= { remoteStream: null };
    this.phone = new Softphone(this.part("ear"));
    this.claim = new Claim(seat, () => this.#letGo("seat.taken_here"));
    this.order = null;
    this.opening = false;
    this.state = "none"; // none, ringing, talking
    this.since = 0;
    this.row = null;
    this.#listen();
    this.claim.resume(() => this.open());
    setInterval(() => this.#tick(), 1000);
    this.#draw();
  }

  /** Whether a supervisor's order over another seat could reach this one. */
  get ready() { return this.phone.state === "registered" && this.row !== null; }

  /** The floor was drawn. */
  saw(model) {
    const row = model.seats.find((item) => item.key === this.seat)?.row ?? null;
    if (row === this.row) return;
    this.row = row;
    this.#draw();
  }

  async open() {
    if (this.opening) return;
    this.opening = true;
    this.#trouble("");
    this.#draw();
    try {
      await this.phone.takeMicrophone();
      await this.claim.take();
      const line = await insist(() => post("/api/seat/open"), (passing) => this.#trouble(passing.message));
      this.order = line.order;
      await made(line.order);
      this.#trouble("");
      this.phone.start(line);
      this.claim.keep();
    } catch (error) {
      this.claim.drop();
      this.phone.dropMicrophone();
      this.#trouble(said(error));
    } finally {
      this.opening = false;
      this.#draw();
    }
  }

  async close() {
    if (this.state !== "none") { this.#trouble(t("seat.close_in_call")); return; }
    try {
      await insist(() => post("/api/seat/close"), (passing) => this.#trouble(passing.message));
      this.#letGo("");
    } catch (error) { this.#trouble(error.message); }
  }

  #listen() {
    const does = {
      open: () => this.open(), close: () => this.close(), mute: () => this.phone.mute(!this.phone.muted),
      hangup: () => this.phone.hangUp(), answer: () => { quiet(); this.phone.answer(); },
    };
    this.box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-phonekey]");
      if (button && !button.disabled) does[button.dataset.phonekey]();
    });
    document.addEventListener("keydown", (event) => {
      const name = { F2: "answer", F8: "mute", F9: "hangup" }[event.key];
      if (!name || event.repeat || event.altKey || event.ctrlKey || event.metaKey || this.key(name).hidden) return;
      event.preventDefault();
      does[name]();
    });
    this.phone.addEventListener("state", ({ detail: state }) => {
      pill.dataset.state = state === "refused" ? "down" : state;
      pill.title = `${t("pill.phone_title")} ${t(`phone_state.${state}`)}`;
      if (state === "refused") this.#letGo("seat.taken_elsewhere");
      this.#draw();
    });
    this.phone.addEventListener("ringing", ({ detail }) => {
      this.#become("ringing");
      if (detail.auto) this.phone.answer();
      else ring(detail.number);
    });
    this.phone.addEventListener("talking", () => { quiet(); this.#become("talking"); });
    this.phone.addEventListener("ended", () => { quiet(); this.#become("none"); });
    this.phone.addEventListener("muted", ({ detail: on }) => this.key("mute").setAttribute("aria-pressed", String(on)));
    this.phone.addEventListener("trouble", ({ detail }) => {
      const texts = { "microphone-gone": "mic.gone", "microphone-refused": "mic.refused", "no-sound": "mic.no_sound" };
      this.#trouble(t(texts[detail]));
    });
    feed.on("seat", (told) => {
      if (told.seat === this.seat && this.order && told.order !== this.order && !this.opening) this.#letGo("seat.taken_elsewhere");
    });
    addEventListener("beforeunload", (event) => { if (this.state === "talking") event.preventDefault(); });
  }

  #letGo(why) {
    this.order = null;
    this.phone.stop();
    this.phone.dropMicrophone();
    this.claim.drop();
    quiet();
    this.state = "none";
    this.#trouble(why ? t(why) : "");
    this.#draw();
  }

  #become(state) {
    if (state === "talking" && this.state !== "talking") this.since = now();
    this.state = state;
    this.#draw();
  }

  #trouble(text) {
    put(this.part("phonetrouble"), text);
    this.part("phonetrouble").hidden = !text;
  }

  #draw() {
    const held = this.phone.state !== "off";
    const state = this.state === "none" ? this.row?.state ?? "closed" : this.state;
    this.part("phonestate").dataset.state = state;
    put(this.part("phonestate"), t(`seat_state.${state}`));
    this.part("phonewhy").hidden = held;
    this.key("open").hidden = held;
    this.key("open").disabled = this.opening;
    put(this.key("open"), t(this.opening ? "seat.opening" : this.row ? "seat.take_over" : "seat.open"));
    this.key("close").hidden = !held || this.state !== "none";
    this.key("answer").hidden = this.state !== "ringing";
    this.key("mute").hidden = this.state !== "talking";
    this.key("hangup").hidden = this.state === "none";
    this.#tick();
  }

  #tick() { put(this.part("phonetime"), this.state === "talking" ? clock((now() - this.since) / 1000) : ""); }
}

/** Wait until the telephone room has made the seat. */
async function made(wanted) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const { state, reason } = await insist(() => get(`/api/orders/${wanted}`));
    if (state === "observed") return;
    if (state === "failed") throw new Error(`${t("seat.cannot_open")} ${reason}`);
    await new Promise((go) => setTimeout(go, 150));
  }
  throw new Error(t("seat.no_bridge"));
}

function said(error) {
  const known = { NotAllowedError: "mic.refused", NotFoundError: "mic.none", SecurityError: "mic.insecure", NotReadableError: "mic.busy" };
  return known[error.name] ? t(known[error.name]) : error.message;
}
