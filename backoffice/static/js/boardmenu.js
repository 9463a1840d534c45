// Orders over a seat from its row: a menu, a reason, and what came of it.

import { el, get, insist, post, put, t, uuid7 } from "./lib.js";

const EARS = ["listen", "whisper", "barge", "stop", "takeover"];
const OF_A_CALL = new Set(["listen", "whisper", "barge", "takeover", "hangup", "transfer"]);
const VERBS = ["listen", "whisper", "barge", "takeover", "stop", "transfer", "hangup", "pause", "ready", "logout"];
const STRONG = new Set(["hangup", "logout", "takeover", "transfer"]);
const KEPT = "gridline-watch-reasons";
const REASONS = 6;
const SHOWN = 6;
const PATIENCE = 30000;

/** What may be asked of a seat: "" or why not (a key of words). */
export function obstacle(verb, row, own, phoneReady) {
  if (!row) return "watch.seat_closed";
  if (EARS.includes(verb)) {
    if (!own || row.seat === own) return own ? "watch.own_seat" : "watch.no_own_seat";
    if (!phoneReady) return "watch.no_own_seat";
  }
  if (OF_A_CALL.has(verb) && row.state !== "talking") return "watch.no_call";
  const inside = (row.watchers ?? []).find((one) => one.watcher === own);
  if (verb === "stop" && !inside) return "watch.not_watching";
  if (inside && (verb === inside.mode || inside.mode === "barge") && ["listen", "whisper", "barge"].includes(verb)) return "watch.there_already";
  if (verb === "pause" && row.reason && row.state === "paused") return "watch.paused_already";
  if (verb === "ready" && row.state === "ready") return "watch.ready_already";
  return "";
}

/** Typed by a person, as the telephone room names it. */
export function targetOf(typed) {
  const text = typed.trim();
  if (!text || text.includes(":")) return text;
  return (/^\d{2,4}$/.test(text) ? "seat:" : /^[a-z]/.test(text) ? "queue:" : "number:") + text;
}

export class SeatMenu {
  constructor(root, { own, phone }) {
    Object.assign(this, { root, own, phone, seats: new Map(), seat: null, verb: null, button: null });
    this.menu = root.querySelector("[data-seatmenu]");
    this.dialog = root.querySelector("[data-reasondialog]");
    this.part = (name) => this.dialog.querySelector(`[data-${name}]`);
    this.log = root.querySelector("[data-orderlog]");
    this.menu.append(...VERBS.map((verb) => el("button", { type: "button", role: "menuitem", tabindex: "-1", "data-verb": verb, "data-testid": `verb-${verb}` }, t(`watch.${verb}`))));
    this.#listen();
  }

  /** The floor was drawn. */
  saw(model) {
    this.model = model;
    this.seats = new Map(model.seats.map((item) => [item.key, item.row]));
    if (this.seat && this.menu.matches(":popover-open")) this.#enable();
  }

  #listen() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-menu]");
      if (button) this.#open(button);
    });
    this.root.addEventListener("contextmenu", (event) => {
      const button = event.target.closest("tr[data-row]")?.querySelector("[data-menu]");
      if (button) { event.preventDefault(); this.#open(button); }
    });
    this.root.addEventListener("keydown", (event) => {
      const button = event.target.closest("[data-menu]");
      if (button && event.key === "ArrowDown") { event.preventDefault(); this.#open(button); }
    });
    this.menu.addEventListener("keydown", (event) => this.#key(event));
    this.menu.addEventListener("click", (event) => {
      const item = event.target.closest("[data-verb]");
      if (item && item.getAttribute("aria-disabled") !== "true") this.#ask(item.dataset.verb);
    });
    this.menu.addEventListener("toggle", ({ newState }) => {
      this.button?.setAttribute("aria-expanded", String(newState === "open"));
    });
    this.part("reasonform").addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.part("reasoncancel").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.#focusRow());
    this.part("recent").addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (chip) { this.part("reasontext").value = chip.textContent; this.part("reasontext").focus(); }
    });
  }

  #open(button) {
    this.button = button;
    this.seat = button.dataset.menu;
    this.#enable();
    this.menu.setAttribute("aria-label", t("watch.menu", { seat: this.seat }));
    this.menu.showPopover();
    const at = button.getBoundingClientRect();
    const [width, height] = [this.menu.offsetWidth, this.menu.offsetHeight];
    const left = document.documentElement.dir === "rtl" ? at.left : at.right - width;
    this.menu.style.left = `${Math.min(Math.max(4, left), innerWidth - width - 4)}px`;
    this.menu.style.top = `${at.bottom + height + 4 > innerHeight ? Math.max(4, at.top - height) : at.bottom}px`;
    (this.menu.querySelector("[data-verb]:not([aria-disabled=true])") ?? this.menu.firstElementChild).focus();
  }

  #enable() {
    const row = this.seats.get(this.seat);
    for (const item of this.menu.children) {
      const why = obstacle(item.dataset.verb, row, this.own, this.phone?.ready ?? false);
      item.setAttribute("aria-disabled", String(Boolean(why)));
      item.title = why ? t(why, { seat: this.seat }) : "";
    }
  }

  #key(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(document.activeElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (go !== undefined) { event.preventDefault(); items.at(go % items.length).focus(); }
    else if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); this.menu.hidePopover(); this.#focusRow(); }
  }

  #focusRow() { this.root.querySelector(`[data-menu="${this.seat}"]`)?.focus(); }

  #ask(verb) {
    this.verb = verb;
    this.menu.hidePopover();
    const name = this.seats.get(this.seat)?.name ?? "";
    put(this.part("reasontitle"), t("watch.title", { verb: t(`watch.${verb}`), seat: this.seat, name }));
    const transfer = verb === "transfer";
    this.part("targetfield").hidden = !transfer;
    this.part("targettext").required = transfer;
    this.part("targettext").value = "";
    if (transfer) this.#offerTargets();
    this.#trouble("");
    const recent = reasons();
    this.part("reasontext").value = recent[0] ?? "";
    this.part("recent").replaceChildren(...recent.map((text) => el("button", { type: "button", class: "chip" }, text)));
    this.part("recentbox").hidden = recent.length === 0;
    this.part("reasongo").className = STRONG.has(verb) ? "stop" : "main";
    this.dialog.showModal();
    (transfer ? this.part("targettext") : this.part("reasontext")).select();
    (transfer ? this.part("targettext") : this.part("reasontext")).focus();
  }

  #offerTargets() {
    const seats = this.model.seats.filter((item) => item.key !== this.seat)
      .map(({ key, row }) => el("option", { value: key }, `${row.name} · ${t(`seat_state.${row.state}`)}`));
    const queues = this.model.queues.map(({ name }) => el("option", { value: name }));
    this.part("targets").replaceChildren(...seats, ...queues);
    get("/api/targets").then(({ experts = [] }) => {
      this.part("targets").append(...experts.filter((one) => one.number).map((one) => el("option", { value: one.number }, `${one.name} · ${one.department ?? ""}`)));
    }).catch(() => {});
  }

  #trouble(text) {
    put(this.part("reasontrouble"), text);
    this.part("reasontrouble").hidden = !text;
  }

  async #send() {
    const { seat, verb } = this;
    const reason = this.part("reasontext").value.trim();
    const body = { reason, order: uuid7() };
    if (verb === "transfer") body.target = targetOf(this.part("targettext").value);
    this.part("reasongo").disabled = true;
    try {
      await insist(() => post(`/api/seats/${seat}/${verb}`, body), (passing) => this.#trouble(passing.message));
      keep(reason);
      this.dialog.close();
      this.#follow(seat, verb, body.order);
    } catch (error) {
      this.#trouble(error.message);
    } finally {
      this.part("reasongo").disabled = false;
    }
  }

  /** A line about the order, until it is known what came of it. */
  async #follow(seat, verb, order) {
    const state = el("span", { "data-state": "going" }, t("watch.going"));
    const line = el("li", { "data-testid": "order-line", "data-verb": verb }, `${t(`watch.${verb}`)} `, el("span", { class: "ltr" }, seat), t("punct.colon"), state);
    this.log.prepend(line);
    while (this.log.children.length > SHOWN) this.log.lastElementChild.remove();
    this.root.querySelector("[data-orderbox]").hidden = false;
    const end = Date.now() + PATIENCE;
    let told = { state: "intent", reason: "" };
    while (Date.now() < end && !["observed", "failed"].includes(told.state)) {
      await new Promise((go) => setTimeout(go, 300));
      told = await get(`/api/orders/${order}`).catch(() => told);
    }
    const word = { observed: "watch.done", failed: "watch.failed" }[told.state] ?? "watch.unknown";
    state.dataset.state = told.state;
    line.dataset.state = told.state;
    put(state, t(word, { why: told.reason }));
  }
}

function reasons() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, REASONS) : [];
  } catch { return []; }
}

function keep(reason) {
  localStorage.setItem(KEPT, JSON.stringify([reason, ...reasons().filter((text) => text !== reason)].slice(0, REASONS)));
}
