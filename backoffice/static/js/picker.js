// The picker: a field to type in and a list of who fits, by click, or by arrows and Enter.

import { feed } from "./feed.js";
import { el, put, t } from "./lib.js";
import { load, search } from "./targets.js";

export class Picker {
  /** `chosen(mode, target)` is called with what was picked. `root` holds its parts, `own` is the own seat. */
  constructor(root, own, chosen) {
    const part = (name) => root.querySelector(`[data-${name}]`);
    Object.assign(this, { own, chosen, box: part("picker"), title: part("pickertitle"), field: part("pickersearch"), list: part("pickerlist"), none: part("pickernone") });
    this.mode = "";
    this.at = null; // the row that Enter takes; null: the first that can be had
    this.rows = [];
    part("pickerclose").addEventListener("click", () => this.close());
    this.field.addEventListener("input", () => this.#begin());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(this.rows[Number(option.dataset.row)]);
    });
    feed.on("floor", () => { if (this.mode) this.#draw(); });
  }

  async show(mode, back) {
    this.#expand(false);
    Object.assign(this, { mode, back, at: null });
    this.#expand(true);
    put(this.title, t(`picker.${mode}`));
    this.field.value = "";
    this.box.hidden = false;
    this.field.focus();
    this.#begin();
    this.box.scrollIntoView({ block: "nearest" });
    await load();
    if (this.mode === mode) this.#begin();
  }

  /** Another list: its first that can be had is marked, and stays so while states change under it. */
  #begin() {
    this.at = null;
    this.#draw();
    if (this.rows.length) this.at = this.#marked;
  }

  close() {
    if (!this.mode) return;
    const inside = this.box.contains(document.activeElement);
    this.#expand(false);
    this.mode = "";
    this.box.hidden = true;
    if (inside) this.back?.focus();
  }

  #expand(on) { this.back?.setAttribute("aria-expanded", String(on)); }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = Math.min(Math.max(this.#marked + step, 0), Math.max(this.rows.length - 1, 0));
      this.#draw();
    } else if (event.key === "Enter" && event.target === this.field) this.#choose(this.rows[this.#marked]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(row) {
    if (!row?.free) return;
    const mode = this.mode === "consult" ? "consult" : "transfer";
    this.close();
    this.chosen(mode, row.target);
  }

  get #marked() { return this.at ?? Math.max(this.rows.findIndex((row) => row.free), 0); }

  #draw() {
    const taken = this.at === null ? null : this.rows[this.at]?.target;
    this.rows = search(this.field.value, this.mode, this.own);
    if (taken) this.at = this.rows.findIndex((row) => row.target === taken);
    if (this.at < 0) this.at = null;
    const marked = this.#marked;
    this.list.replaceChildren(...this.rows.map((row, i) => el("li", {
      role: "option", id: `picker-${i}`, "data-row": i, "data-target": row.target, "data-testid": "picker-option",
      "aria-selected": String(i === marked), "aria-disabled": row.free ? null : "true",
    },
    el("bdi", { class: "name" }, row.name), el("bdi", { class: "quiet" }, row.more),
    row.state ? el("span", { class: "chip", "data-state": row.state }, t(`seat_state.${row.state}`)) : null)));
    this.none.hidden = this.rows.length > 0;
    this.list.hidden = this.rows.length === 0;
    if (this.rows.length) this.field.setAttribute("aria-activedescendant", `picker-${marked}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.children[marked]?.scrollIntoView({ block: "nearest" });
  }
}
