// A field to choose one of many by typing: a code, a part of a name in any language, or pinyin. Keys only, if wanted.

import { el, put } from "./lib.js";

const MOST = 50;
const PAUSE = 150; // of typing, before another machine is asked

/** Rows that fit what is typed, the best first: code from its beginning, then a word from its beginning, then anywhere. */
export function fitting(rows, typed) {
  const words = typed.trim().toLowerCase();
  if (!words) return rows;
  const rank = (row) => {
    if (row.code.startsWith(words)) return 0;
    const known = row.typed.split(" ");
    if (known.some((word) => word.startsWith(words))) return 1;
    return row.typed.includes(words) || row.name.toLowerCase().includes(words) ? 2 : 3;
  };
  return rows.map((row, at) => [rank(row), at, row]).filter(([found]) => found < 3)
    .sort((one, two) => one[0] - two[0] || one[1] - two[1]).map(([, , row]) => row);
}

export class Combobox {
  /** `root` holds an input [data-typed], one that keeps the code [data-code] and a list [data-options]. */
  constructor(root, load, chosen = () => {}) {
    const part = (name) => root.querySelector(`[data-${name}]`);
    Object.assign(this, { root, load, chosen, field: part("typed"), code: part("code"), list: part("options"), rows: [], found: [], at: 0 });
    this.field.addEventListener("focus", () => this.fetch());
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.leave(), 120));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[data-at]");
      if (option) this.#choose(this.found[Number(option.dataset.at)]);
    });
  }

  get open() { return !this.list.hidden; }

  /** Show what the kept code means. */
  async show() {
    const code = this.code.value;
    this.field.value = code;
    if (!code) return;
    await this.fetch();
    const row = this.rows.find((one) => one.code === code);
    if (row && this.code.value === code) this.field.value = `${row.code} ${row.name}`;
  }

  /** What can be chosen, asked for once. */
  async fetch() {
    if (!this.rows.length) this.rows = await this.load().catch(() => []);
    if (document.activeElement === this.field && !this.code.value && this.field.value) this.showList();
  }

  /** Something was typed: nothing is chosen any more. */
  typed() {
    this.code.value = "";
    this.showList();
  }

  /** Those of the rows that fit what is typed. */
  fit() { return fitting(this.rows, this.code.value ? "" : this.field.value); }

  /** A row was chosen. */
  take(row) {
    this.code.value = row.code;
    this.code.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (this.open) this.at = Math.min(Math.max(this.at + step, 0), this.found.length - 1);
      this.showList(true);
    } else if (event.key === "Enter" && this.open) this.#choose(this.found[this.at]);
    else if (event.key === "Tab" && this.open && this.field.value.trim()) { this.#choose(this.found[this.at]); return; }
    else if (event.key === "Escape" && this.open) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Open the list; `keep` its selected row. */
  showList(keep = false) {
    if (!keep) this.at = 0;
    this.found = this.fit().slice(0, MOST);
    this.list.replaceChildren(...this.found.map((row, at) => el("li", { role: "option", id: `${this.list.id}-${at}`, "data-at": at,
      "aria-selected": String(at === this.at), "data-testid": "option" }, el("span", { class: "ltr quiet" }, row.code), el("bdi", {}, row.name))));
    this.list.hidden = !this.found.length;
    this.field.setAttribute("aria-expanded", String(this.open));
    if (this.open) this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  /** Close the list. */
  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #choose(row) {
    if (!row) return;
    this.field.value = `${row.code} ${row.name}`;
    this.close();
    this.chosen(row);
    this.take(row);
  }

  /** What was typed and is the only one that fits is meant; anything else is not kept. */
  leave() {
    this.close();
    if (this.code.value) return;
    const typed = this.field.value.trim();
    const exact = this.rows.find((row) => row.code === typed || row.name === typed);
    if (exact) this.#choose(exact);
    else if (typed) { put(this.field, ""); this.field.value = ""; }
  }
}

/** One whose rows another machine finds, and whose own field is what is kept: a code and a name, or any text. */
export class Finder extends Combobox {
  /** `find(typed)` gives rows. */
  constructor(root, find, chosen) {
    super(root, async () => [], chosen);
    this.find = find;
  }

  async fetch() { /* nothing is asked for before something is typed */ }

  typed() {
    clearTimeout(this.waiting);
    const typed = this.field.value;
    this.waiting = setTimeout(async () => {
      const rows = typed.trim() ? await this.find(typed).catch(() => []) : [];
      if (typed !== this.field.value) return;
      this.rows = rows;
      if (document.activeElement === this.field) this.showList();
    }, PAUSE);
  }

  fit() { return this.rows; }

  take() {
    clearTimeout(this.waiting);
    this.rows = [];
    this.field.dispatchEvent(new CustomEvent("taken", { bubbles: true }));
  }

  leave() { this.close(); }
}
