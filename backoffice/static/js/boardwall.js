// Seats as cards on a wall: as many columns as make them largest without scrolling; more than a page turn by themselves.

import { el, put, t } from "./lib.js";
import { doing } from "./boardview.js";
import { Rows } from "./boardrows.js";

const PAGE = 40;
const TURN = 10_000;
const WIDE = 2.4; // how much wider than high a card looks best

/** Columns and rows for `count` cards in a space, so that each is as large as it can be. */
export function grid(count, width, height) {
  let best = { columns: 1, rows: Math.max(1, count), size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns, (height / rows) * WIDE);
    if (size > best.size) best = { columns, rows, size };
  }
  return best;
}

export class Wall {
  constructor(root) {
    this.box = root.querySelector("[data-seats]");
    this.note = root.querySelector("[data-page]");
    this.rows = new Rows(this.box, card, fill);
    this.items = [];
    this.page = 0;
    setInterval(() => { this.page += 1; this.#show(); }, TURN);
    new ResizeObserver(() => this.#lay()).observe(this.box);
  }

  /** As `Rows.update`. */
  update(items) {
    this.items = items;
    this.#show();
  }

  #show() {
    const pages = Math.max(1, Math.ceil(this.items.length / PAGE));
    this.page %= pages;
    const each = Math.ceil(this.items.length / pages);
    const shown = this.items.slice(this.page * each, (this.page + 1) * each);
    put(this.note, pages > 1 ? t("board.page", { page: this.page + 1, pages }) : "");
    this.rows.update(shown);
    if (this.each !== each) { this.each = each; this.#lay(); }
  }

  #lay() {
    const { columns, rows } = grid(Math.max(this.each || 1, 8), this.box.clientWidth, this.box.clientHeight);
    this.box.style.setProperty("--columns", columns);
    this.box.style.setProperty("--rows", rows);
  }
}

function card({ key }) {
  const made = { name: el("bdi"), state: el("span"), time: el("span", { class: "ltr time" }), more: el("span", { class: "more" }) };
  const head = el("p", { class: "head" }, el("span", { class: "ltr" }, key), " ", made.name);
  const node = el("li", { class: "seatcard", "data-testid": "board-seat", "data-row": key },
    el("div", {}, head, el("p", { class: "state" }, made.state, " ", made.time), el("p", { class: "more" }, made.more)));
  return { node, ...made };
}

function fill(made, { row, dead }) {
  made.node.dataset.state = row.state;
  made.node.dataset.dead = String(dead);
  put(made.name, row.name || "");
  put(made.state, t(`seat_state.${row.state}`));
  made.state.dataset.state = row.state;
  made.time.dataset.tick = row.since;
  const listens = (row.watchers ?? []).map((one) => `◉ ${one.watcher}`);
  put(made.more, [doing(row), row.number, ...listens].filter(Boolean).join(" · "));
}
