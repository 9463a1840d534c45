// The drawing of a floor: figures, queues, seats and callers. The live board and the replay share it.

import { clock, el, now, put, t } from "./lib.js";
import { PARTS, modelOf } from "./boardmodel.js";
import { Rows } from "./boardrows.js";
import { reason } from "./reasons.js";

const MOST_CALLS = 100;
const zone = document.documentElement.dataset.zone;
const daytime = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The time of day of an ISO instant in the site's zone. */
export const timeOfDay = (iso) => (iso ? daytime.format(new Date(iso)) : "");

export class BoardView {
  /** `menu`: rows have a button for orders; `clock` gives the time that is shown, in ms; `seats` draws seats otherwise. */
  constructor(root, { menu = false, at = now, seats = null } = {}) {
    Object.assign(this, { root, menu, at });
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.names = JSON.parse(root.dataset.queuenames || "{}");
    this.seats = seats ?? new Rows(this.part("seats"), (item) => this.#seatRow(item), (made, item) => this.#fillSeat(made, item));
    this.calls = new Rows(this.part("calls"), callRow, (made, item) => this.#fillCall(made, item));
    this.queues = new Rows(this.part("queues"), queueRow, (made, item) => this.#fillQueue(made, item));
    this.levels = {};
    this.own = null;
  }

  /** Draw floor messages; `states` says which nodes are connected. */
  draw(nodes, states) {
    const model = modelOf(nodes, states);
    this.model = model;
    this.seats.update(model.seats.map((item) => ({ ...item, shows: [item.row, item.call, item.dead, this.own] })));
    this.calls.update(model.calls.slice(0, MOST_CALLS).map((item) => ({ ...item, shows: [item.row, item.dead] })));
    this.queues.update(model.queues.map((item) => ({
      key: item.name, ...item, level: this.levels[item.name],
      shows: [item.longest, this.levels[item.name]?.level, this.levels[item.name]?.of, ...Object.values(item.figures)],
    })));
    put(this.part("seatcount"), model.seats.length);
    put(this.part("callcount"), model.calls.length);
    this.#hide("noseats", model.seats.length);
    this.#hide("nocalls", model.calls.length);
    this.#hide("noqueues", model.queues.length);
    const more = this.part("morecalls");
    more.hidden = model.calls.length <= MOST_CALLS;
    put(more, t("board.more_calls", { count: model.calls.length - MOST_CALLS }));
    this.#figures(model);
    this.#alarms(model);
    this.tick();
  }

  /** Let the clocks of the board go on. */
  tick() {
    const at = this.at();
    for (const node of this.root.querySelectorAll("[data-tick]")) put(node, ago(at, node.dataset.tick));
  }

  #hide(name, hidden) { this.part(name).hidden = hidden > 0; }

  #figures(model) {
    put(this.part("waiting"), model.total.waiting);
    set(this.part("longest"), model.longest, "–");
    for (const name of ["offered", ...PARTS]) put(this.part(`sum-${name}`), model.total[name]);
    this.part("equation").dataset.good = String(model.broken.length === 0);
    const told = model.promises;
    put(this.part("promise-error"), told?.judged ? t("board.seconds", { count: (told.error / told.judged).toFixed(0) }) : "–");
    put(this.part("promise-told"), t("board.told", { count: told?.told ?? 0 }));
  }

  #alarms(model) {
    const down = model.down.map((node) => {
      const key = node.link === "resync" ? "board.node_resync" : "board.node_down";
      return t(key, { node: node.node, at: timeOfDay(node.since) });
    });
    say(this.part("nodealarm"), down.join(t("punct.stop")));
    const broken = model.broken.map((name) => {
      const figures = model.queues.find((queue) => queue.name === name)?.figures;
      if (!figures) return t("board.broken_node", { node: name });
      const parts = PARTS.map((part) => figures[part]);
      const sum = parts.reduce((a, b) => a + b, 0);
      return t("board.broken", { queue: this.#called(name), offered: figures.offered, parts: parts.join(" + "), sum });
    });
    say(this.part("sumalarm"), broken.join(t("punct.stop")));
  }

  #called(queue) { return this.names[queue] ?? queue; }

  #seatRow({ key }) {
    const cells = Object.fromEntries(["seat", "who", "opened", "state", "since", "number", "call", "watchers"].map((name) => [name, el("td")]));
    for (const name of ["seat", "opened", "since", "number", "call"]) cells[name].className = "ltr";
    cells.seat.append(key);
    cells.name = el("bdi");
    cells.who.append(cells.name);
    cells.chip = el("span", { class: "chip" });
    cells.more = el("span", { class: "quiet" });
    cells.state.append(cells.chip, " ", cells.more);
    const label = (name, key_) => { cells[name].dataset.label = t(key_); };
    label("opened", "board.opened");
    label("since", "board.since");
    label("call", "board.call_for");
    const menu = this.menu ? [el("td", { class: "do" }, el("button", {
      type: "button", class: "more", "aria-haspopup": "menu", "aria-expanded": "false", "data-menu": key, "data-testid": "seat-menu",
      "aria-label": t("watch.menu", { seat: key }),
    }, "⋯"))] : [];
    const { seat, who, state, since, number, call, opened, watchers } = cells;
    const node = el("tr", { "data-testid": "board-seat", "data-row": key }, seat, who, state, since, number, call, opened, watchers, ...menu);
    return { node, ...cells };
  }

  #fillSeat(made, { key, row, call, dead }) {
    made.node.dataset.dead = String(dead);
    made.node.dataset.own = String(this.own === key);
    put(made.name, row.name || "");
    put(made.opened, row.opened ? timeOfDay(row.opened).slice(0, 5) : "");
    made.chip.dataset.state = row.state;
    put(made.chip, t(`seat_state.${row.state}`));
    put(made.more, doing(row));
    set(made.since, row.since);
    put(made.number, row.number || "");
    set(made.call, ["talking", "ringing"].includes(row.state) ? call?.entered : null);
    put(made.watchers, watched(row));
  }

  #fillCall(made, { row, dead }) {
    made.node.dataset.dead = String(dead);
    put(made.number, row.number || t("call.no_number"));
    made.chip.dataset.state = row.stage;
    put(made.chip, t(`stage.${row.stage}`));
    put(made.queue, row.queue ? this.#called(row.queue) : "");
    const about = [row.language ? t(`language.${row.language}`) : "", row.priority ? t("board.level", { level: row.priority }) : ""];
    put(made.about, about.filter(Boolean).join(t("punct.comma")));
    set(made.waited, row.waiting_since || row.entered);
    put(made.told, row.told > 0 && row.stage !== "talking" ? t("board.promised", { time: clock(row.told) }) : "");
    put(made.seat, row.seat || "");
  }

  #fillQueue(made, { name, figures, longest, level, right }) {
    made.node.dataset.good = String(right);
    put(made.name, this.#called(name));
    put(made.level, level?.level ?? "–");
    made.level.title = level?.of ?? "";
    put(made.of, level?.of ?? "");
    for (const part of ["offered", ...PARTS]) put(made[part], figures[part]);
    set(made.longest, longest);
  }
}

/** Time since an ISO instant as a clock; "" when there is none. */
export const ago = (at, iso) => (iso ? clock((at - Date.parse(iso)) / 1000) : "");

/** What a seat does beside its state: a reason, hold, a consultation, a conference. */
export function doing(row) {
  const parts = [];
  if (row.reason) parts.push(reason(row.reason));
  if (row.held) parts.push(t("board.held"));
  if (row.consult) parts.push(t("board.consults", { who: row.consult.target.split(":")[1] }));
  if (row.conference) parts.push(t("board.conference"));
  return parts.join(t("punct.comma"));
}

/** Who listens in, in words. */
export const watched = (row) => (row.watchers ?? []).map((one) => `${one.watcher} ${t(`watch.mode_${one.mode}`)}`).join(t("punct.comma"));

function set(node, iso, none = "") {
  if (iso) node.dataset.tick = iso;
  else { delete node.dataset.tick; put(node, none); }
}

function say(banner, text) {
  put(banner, text);
  banner.hidden = !text;
}

function callRow({ key }) {
  const names = ["number", "stage", "queue", "waited", "seat"];
  const made = Object.fromEntries(names.map((name) => [name, el("td")]));
  for (const name of ["number", "waited", "seat"]) made[name].className = "ltr";
  const [stage, queue, waited] = [made.stage, made.queue, made.waited];
  made.chip = el("span", { class: "chip" });
  stage.append(made.chip);
  made.queue = el("bdi");
  made.about = el("small");
  queue.append(made.queue, " ", made.about);
  made.waited = el("span");
  made.told = el("small");
  waited.append(made.waited, " ", made.told);
  const node = el("tr", { "data-testid": "board-call", "data-row": key }, made.number, stage, queue, waited, made.seat);
  return { ...made, node };
}

function queueRow({ key }) {
  const made = Object.fromEntries(["offered", ...PARTS, "longest"].map((name) => [name, el("td", { class: "ltr", "data-label": t(`board.${name}`) })]));
  made.name = el("th", { scope: "row" });
  made.level = el("span", { class: "ltr" });
  made.of = el("small");
  const level = el("td", { "data-label": t("board.service") }, made.level, " ", made.of);
  const { offered, longest } = made;
  const node = el("tr", { "data-testid": "board-queue", "data-row": key }, made.name, level, offered, ...PARTS.map((part) => made[part]), longest);
  return { ...made, node };
}
