// A rule book on the page: edited in place, undone step by step, saved whole as the next version.

import { BookEditor } from "./bookeditor.js";
import { added, level, moved, removed } from "./bookmodel.js";
import { el, put, t } from "./lib.js";

const LANGUAGES = ["zh", "en", "ug"];

class Book extends BookEditor {
  constructor(form) {
    const given = JSON.parse(form.dataset.rulebook);
    super(form, given, `/rules/${given.name}`);
    this.tree = this.name === "categories";
    this.part("filter").addEventListener("input", () => this.#filter());
    this.draw();
  }

  /** Change the body; `focus` names the field to stay in when all is drawn anew. */
  change(make, focus = null) {
    this.keep(make);
    if (focus) this.draw(focus);
  }

  draw(focus = null) {
    this.part("tables").replaceChildren(...(this.name === "limits" ? [this.#limits()] : this.#lists()));
    this.mark(this.faults);
    this.#filter();
    this.state();
    if (focus) this.form.querySelector(`[data-at="${focus}"]`)?.focus();
  }

  /** [name for people, key in the body, its rows] of each list. */
  #lists() {
    if (this.tree) return [this.#list("", "rows"), this.#adder("rows", "", t("rules.add_first"))];
    return Object.keys(this.body).flatMap((key) => [this.#list(t(`rules.list.${key}`), key), this.#adder(key, "", t("rules.add"))]);
  }

  #list(title, key) {
    const heads = ["rules.code", "language.zh", "language.en", "language.ug",
      ...(this.tree ? ["rules.class", "rules.kind", "rules.department", "rules.limit", "", "rules.calendar"] : []), "rules.open", ""];
    return el("table", { class: "book", "data-list": key },
      title ? el("caption", {}, title) : null,
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head ? t(head) : "")))),
      el("tbody", {}, ...this.body[key].map((row, at) => this.#row(key, row, at))));
  }

  #row(key, row, at) {
    const where = `${key}.${at}`;
    const set = (field, value) => this.change((body) => {
      if (value === "") delete body[key][at][field]; else body[key][at][field] = value;
    });
    const box = (name, value, label, change, more = {}) => {
      const input = el("input", { value, "aria-label": label, "data-at": `${where}.${name}`, ...more });
      input.addEventListener("change", () => change(input.value.trim()));
      return input;
    };
    const line = el("tr", { "data-row": where, "data-code": row.code, class: row.open === false ? "closed" : null,
      "data-level": this.tree ? level(row.code) : null });
    const names = LANGUAGES.map((language) => el("td", { class: "name" }, box(language, row.names[language] ?? "",
      t(`language.${language}`), (value) => this.change((body) => { body[key][at].names[language] = value; }),
      { lang: language, dir: language === "ug" ? "rtl" : "ltr", maxlength: 60 })));
    const open = el("input", { type: "checkbox", checked: row.open !== false, "aria-label": t("rules.open"), "data-at": `${where}.open` });
    open.addEventListener("change", () => {
      set("open", open.checked ? "" : false);
      line.classList.toggle("closed", !open.checked);
    });
    const code = box("code", row.code, t("rules.code"), (value) => set("code", value), { dir: "ltr", maxlength: 20 });
    line.append(
      el("td", { class: "code" }, code, el("span", { class: "wrong", role: "alert", "data-fault": this.tree ? row.code : `${key}.${at + 1}` })),
      ...names,
      ...(this.tree ? this.#says(row, where, set) : []),
      el("td", {}, open),
      el("td", { class: "acts" }, ...this.#acts(key, row, at)),
    );
    return line;
  }

  /** What a category says of class, kind, department and limit. */
  #says(row, where, set) {
    const above = ["", t("rules.as_above")];
    const pick = (field, label, value, choices, change) => el("td", { class: "pick" }, this.#select(`${where}.${field}`, label, value, choices, change));
    const limit = row.limit ?? ["", "", ""];
    const units = el("input", { value: limit[0], inputmode: "numeric", dir: "ltr", "aria-label": t("rules.limit"), "data-at": `${where}.units` });
    const change = () => {
      const [unit, calendar] = ["unit", "calendar"].map((field) => this.form.querySelector(`[data-at="${where}.${field}"]`).value);
      const typed = units.value.trim();
      set("limit", typed || unit ? [/^[0-9]+$/.test(typed) ? Number(typed) : typed, unit || "working-days", calendar || "city"] : "");
    };
    units.addEventListener("change", change);
    return [
      pick("class", t("rules.class"), row.class ?? "", [above, ...this.classes.map((one) => [one, t(`class.${one}`)])], (value) => set("class", value)),
      pick("kind", t("rules.kind"), row.kind ?? "", [above, ...this.kinds.map((one) => [one, t(`kind.${one}`)])], (value) => set("kind", value)),
      pick("department", t("rules.department"), row.department ?? "", [above, ...this.departments], (value) => set("department", value)),
      el("td", { class: "units" }, units),
      pick("unit", t("rules.limit"), limit[1], [above, ...this.units.map((one) => [one, t(`rules.unit.${one}`)])], change),
      pick("calendar", t("rules.calendar"), limit[2], [["", ""], ...this.calendars.map((one) => [one, one])], change),
    ];
  }

  #acts(key, row, at) {
    const move = (step) => {
      const next = moved(this.body[key], at, step, this.tree);
      if (next.at !== at) this.change((body) => { body[key] = next.rows; }, `${key}.${next.at}.code`);
    };
    const act = (sign, label, go, more = {}) => {
      const button = el("button", { type: "button", title: t(label), "aria-label": `${t(label)}: ${row.names.zh}`, ...more }, sign);
      button.addEventListener("click", go);
      return button;
    };
    return [
      this.tree && row.code.length < 6 ? act("＋", "rules.add_below", () => this.#add(key, row.code)) : null,
      act("↑", "rules.up", () => move(-1), { "data-up": true }),
      act("↓", "rules.down", () => move(1), { "data-down": true }),
      act("✕", "rules.remove", () => this.change((body) => { body[key] = removed(body[key], at, this.tree); }, `${key}.${Math.max(0, at - 1)}.code`)),
    ].filter(Boolean);
  }

  #adder(key, above, label) {
    const button = el("button", { type: "button", "data-add": key, "data-testid": `rules-add-${key}` }, `＋ ${label}`);
    button.addEventListener("click", () => this.#add(key, above));
    return el("div", {}, button);
  }

  #add(key, above) {
    if (!this.tree) {
      this.change((body) => { body[key].push({ code: "", names: { zh: "" } }); }, `${key}.${this.body[key].length}.code`);
      return;
    }
    const next = added(this.body[key], above);
    if (next.at >= 0) this.change((body) => { body[key] = next.rows; }, `${key}.${next.at}.zh`);
  }

  #limits() {
    const rows = Object.entries(this.body).map(([key, limit]) => {
      const [class_, kind] = key.split("/");
      const units = el("input", { value: limit[0], inputmode: "numeric", dir: "ltr", "aria-label": t("rules.limit"), "data-at": `${key}.units` });
      const set = (at, value) => this.change((body) => { body[key] = body[key].map((old, i) => (i === at ? value : old)); });
      units.addEventListener("change", () => set(0, /^[0-9]+$/.test(units.value.trim()) ? Number(units.value) : units.value));
      return el("tr", { "data-row": key },
        el("th", { scope: "row" }, `${t(`class.${class_}`)} · ${t(`kind.${kind}`)}`),
        el("td", { class: "units" }, units, el("span", { class: "wrong", role: "alert", "data-fault": key })),
        el("td", {}, this.#select(`${key}.unit`, t("rules.limit"), limit[1], this.units.map((one) => [one, t(`rules.unit.${one}`)]), (value) => set(1, value))),
        el("td", {}, this.#select(`${key}.calendar`, t("rules.calendar"), limit[2], this.calendars.map((one) => [one, one]), (value) => set(2, value))));
    });
    const heads = ["rules.kind", "rules.limit", "", "rules.calendar"].map((head) => el("th", { scope: "col" }, head ? t(head) : ""));
    return el("table", { class: "book" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
  }

  #select(at, label, value, choices, change) {
    const known = choices.some(([code]) => code === value) ? choices : [...choices, [value, value]];
    const select = el("select", { "aria-label": label, "data-at": at },
      ...known.map(([code, name]) => el("option", { value: code, selected: code === value }, name)));
    select.addEventListener("change", () => change(select.value));
    return select;
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey && this.past.length
        && event.target.value === event.target.defaultValue) { event.preventDefault(); this.undo(); return; }
    const step = event.altKey ? { ArrowUp: "up", ArrowDown: "down" }[event.key] : "";
    const row = step && event.target.closest("tr[data-row]");
    if (row) { event.preventDefault(); event.target.blur(); row.querySelector(`[data-${step}]`)?.click(); }
  }

  #filter() {
    const words = this.part("filter").value.trim().toLowerCase();
    let count = 0;
    for (const row of this.form.querySelectorAll("tr[data-code]")) {
      const text = [...row.querySelectorAll(".code input, .name input")].map((input) => input.value.toLowerCase()).join(" ");
      row.hidden = Boolean(words) && !text.includes(words);
      if (!row.hidden) count += 1;
    }
    put(this.part("count"), this.name === "limits" ? "" : t("rules.shown", { count }));
  }

  /** Show each fault at its row; what has no row is in the line above. */
  mark(faults) {
    super.mark(faults);
    for (const node of this.form.querySelectorAll("[data-fault]")) {
      const at = node.dataset.fault;
      const own = Object.entries(faults).filter(([where]) => where === at || (this.tree && where.startsWith(`${at}.`)));
      put(node, own.map(([, why]) => why).join(" · "));
    }
    this.form.querySelector(".book .wrong:not(:empty)")?.scrollIntoView({ block: "center" });
  }
}

new Book(document.querySelector("[data-rulebook]"));
