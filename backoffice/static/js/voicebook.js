// The book of voice menus on its page: the tree of where keys lead, a card for each menu, and a telephone to try it on.

import { BookEditor } from "./bookeditor.js";
import { el, get, put, t } from "./lib.js";
import { ratingCard, todayCard } from "./voicecards.js";
import { Trial } from "./voicetry.js";

const KEYS = "1234567890*#";
const COLON = ":";
const copy = (value) => JSON.parse(JSON.stringify(value));

class VoiceBook extends BookEditor {
  constructor(form) {
    super(form, JSON.parse(form.dataset.rulebook), "/rules/voice");
    this.counts = {};
    this.trial = new Trial(this);
    this.draw();
    get("/rules/voice/counts").then(({ days, menus }) => { Object.assign(this, { days, counts: menus }); this.draw(); }, () => {});
  }

  title(id) { return this.body.menus[id]?.names[document.documentElement.lang] || this.body.menus[id]?.names.zh || id; }

  service(name) { return this.services.find(([one]) => one === name)?.[1] ?? (name || t("voice.main_service")); }

  /** The ids, the first menu in front, then those it leads to; what nothing leads to comes last. */
  ids() {
    const seen = this.body.menus[this.body.start] ? [this.body.start] : [];
    for (const id of seen) {
      for (const way of this.ways(id)) {
        const { to } = this.end(way);
        if (way && this.end(way).do === "menu" && this.body.menus[to] && !seen.includes(to)) seen.push(to);
      }
    }
    return [...seen, ...Object.keys(this.body.menus).filter((id) => !seen.includes(id))];
  }

  keysOf(id) { return [...KEYS].filter((key) => key in this.body.menus[id].keys); }

  ways(id) { return [...this.keysOf(id).map((key) => this.body.menus[id].keys[key]), this.body.menus[id].silent]; }

  end(way) { return way?.then ? this.end(way.then) : way ?? {}; }

  draw() {
    const at = document.activeElement?.dataset?.at;
    const cards = this.ids().map((id) => this.card(id));
    this.part("tables").replaceChildren(el("div", { class: "voicebook" },
      el("div", { class: "voicecards" }, this.beginsRow(), this.tree(), todayCard(this), ratingCard(this), ...cards,
        this.button("voice.add_menu", () => this.addMenu(null), "voice-add")),
      this.trial.node));
    this.mark(this.faults);
    this.state();
    if (at) this.form.querySelector(`[data-at="${CSS.escape(at)}"]`)?.focus();
    this.trial.changed();
  }

  /** Change what there is; everything is drawn anew. */
  change(make) { if (this.keep(make)) this.draw(); }

  /** Change what is said of it: only what shows that is drawn anew, for the field that somebody goes to next must stay. */
  reword(make) {
    if (!this.keep(make)) return;
    this.form.querySelector(".voicetree").replaceWith(this.tree());
    for (const card of this.form.querySelectorAll("[data-card]")) put(card.querySelector("h2 bdi"), this.title(card.dataset.card));
    for (const option of this.form.querySelectorAll("option[value^='menu:']")) {
      const id = option.value.slice(5);
      if (id) put(option, t("voice.menu_of", { menu: this.title(id) }));
    }
    this.trial.changed();
  }

  button(word, act, testid, attributes = {}) {
    const button = el("button", { type: "button", "data-testid": testid, ...attributes }, t(word));
    button.addEventListener("click", act);
    return button;
  }

  wrong(where) { return el("span", { class: "wrong", role: "alert", "data-fault": where }); }

  // -- the picture: where keys lead ------------------------------------------------------------------------------

  tree() {
    const drawn = new Set();
    const branch = (id) => {
      drawn.add(id);
      const rows = [...this.keysOf(id).map((key) => [key, this.body.menus[id].keys[key]]), [t("voice.silent"), this.body.menus[id].silent]];
      return el("ol", {}, ...rows.map(([key, way]) => {
        const end = this.end(way);
        const inside = end.do === "menu" && this.body.menus[end.to] && !drawn.has(end.to) ? branch(end.to) : null;
        const turn = way.do === "language" ? el("span", { class: "chip" }, t(`language.${way.to}`)) : null;
        return el("li", {}, el("kbd", {}, key), turn, this.target(end), inside);
      }));
    };
    const start = this.body.start;
    const { today } = this.body;
    return el("nav", { class: "voicetree card", "aria-label": t("voice.tree"), "data-testid": "voice-tree" },
      el("strong", {}, t("voice.notice_first")), today ? el("span", { class: "chip" }, t("voice.today"), " ", el("bdi", { class: "ltr" }, `${today.from} – ${today.until}`)) : null, this.body.menus[start] ? el("ol", {}, el("li", {}, this.target({ do: "menu", to: start }), branch(start))) : null);
  }

  target(way) {
    if (way.do === "menu") return el("a", { href: `#menu-${way.to}`, "data-menu": way.to }, el("bdi", {}, this.title(way.to)));
    if (way.do === "service") return el("span", { class: "chip good" }, t("voice.agent"), way.to ? ` ${this.service(way.to)}` : "");
    if (way.do === "services") return el("span", { class: "chip good" }, t("voice.services"));
    if (way.do === "status" || way.do === "case") return el("span", { class: "quiet" }, t(`voice.${way.do}`));
    return el("span", { class: "quiet" }, t("voice.tells"), " ", el("bdi", {}, way.say?.[document.documentElement.lang] || way.say?.zh || ""));
  }

  /** From when the next version counts. */
  beginsRow() {
    const input = el("input", { type: "datetime-local", value: this.body.begins ?? "", "data-at": "begins", "data-testid": "voice-begins" });
    input.addEventListener("change", () => this.reword((body) => { if (input.value) body.begins = input.value; else delete body.begins; }));
    return el("p", { class: "row" }, el("label", {}, t("voice.begins"), input, this.wrong("begins")));
  }

  // -- a menu ----------------------------------------------------------------------------------------------------

  card(id) {
    const menu = this.body.menus[id];
    const at = (...path) => [id, ...path].join(".");
    const first = id === this.body.start;
    const names = this.languages.map((code) => this.text(at("names", code), code, menu.names[code] ?? "", (now, text) => { now.menus[id].names[code] = text; }, t(`language.${code}`), 60));
    const number = (name, most) => {
      const input = el("input", { value: menu[name], inputmode: "numeric", dir: "ltr", maxlength: 2, "data-at": at(name), "data-testid": `voice-${name}` });
      input.addEventListener("change", () => this.reword((now) => { now.menus[id][name] = /^\d+$/.test(input.value.trim()) ? Number(input.value) : input.value; }));
      return el("label", { class: "tiny", title: t("voice.bounds", { most }) }, t(`voice.${name}`), input, this.wrong(at(name)));
    };
    const every = el("input", { type: "checkbox", checked: menu.every, "data-at": at("every") });
    every.addEventListener("change", () => this.reword((now) => { now.menus[id].every = every.checked; }));
    const free = [...KEYS].filter((key) => !(key in menu.keys));
    const add = this.button("voice.add_key", () => this.change((now) => { now.menus[id].keys[free[0]] = { do: "service" }; }), "voice-add-key", { disabled: !free.length });
    const remove = this.button("rules.remove", () => this.change((now) => { delete now.menus[id]; }), "voice-remove", { disabled: first });
    const begin = first ? el("span", { class: "chip good" }, t("voice.first")) : this.button("voice.make_first", () => this.change((now) => { now.start = id; }), "voice-first");
    return el("section", { class: "card voicemenu", id: `menu-${id}`, "data-card": id, "data-testid": "voice-menu" },
      el("div", { class: "head" }, el("h2", {}, el("bdi", {}, this.title(id))), begin, remove, this.wrong(at("agent")), this.wrong(at("unreached")), this.wrong(at("id"))),
      this.counted(id),
      el("fieldset", { class: "langs" }, el("legend", {}, t("voice.name")), ...names, this.wrong(at("names"))),
      this.saidIn(at("say"), menu.say, (now, code, text) => { now.menus[id].say[code] = text; }, t("voice.says")),
      el("p", { class: "row" }, el("label", { class: "tick" }, every, t("voice.every")), number("tries", 5), number("wait", 15)),
      el("table", { class: "book voicekeys" }, el("tbody", {}, ...this.keysOf(id).map((key) => this.keyRow(id, key)), this.silentRow(id))),
      el("p", { class: "row" }, add, this.wrong(at("keys"))));
  }

  /** How many callers heard it and how many left there, as a bar. */
  counted(id) {
    const found = this.counts[id];
    if (!found) return null;
    const share = Math.round(100 * found.left / found.heard);
    return el("p", { class: "voicecount quiet", "data-testid": "voice-count" }, t("voice.counted", { days: this.days, heard: found.heard, left: found.left, share }),
      el("meter", { min: 0, max: found.heard, value: found.left, "aria-label": t("voice.left") }));
  }

  /** What came of asking about a case by its number. */
  went(way) {
    const found = this.end(way).do === "case" ? Object.entries(this.counts.case?.keys ?? {}) : [];
    const left = this.counts.case?.left;
    if (!found.length && !left) return null;
    const went = [...found.map(([how, n]) => `${t(`voice.how.${how}`)} ${n}`), ...(left ? [`${t("voice.left")} ${left}`] : [])].join(" · ");
    return this.end(way).do === "case" ? el("p", { class: "quiet", "data-testid": "voice-went" }, t("voice.case_went", { days: this.days, went })) : null;
  }

  /** How many pressed a key. */
  pressed(id, key) {
    const n = this.counts[id]?.keys[key];
    return n ? el("span", { class: "quiet ltr", title: t("voice.pressed", { days: this.days }) }, ` ${n}`) : null;
  }

  text(at, code, value, set, label, most = 400) {
    const field = el(most > 60 ? "textarea" : "input", { "data-at": at, lang: code, dir: code === "ug" ? "rtl" : "ltr", maxlength: most, rows: most > 60 ? 2 : null });
    field.value = value;
    field.addEventListener("change", () => this.reword((now) => set(now, field.value.trim())));
    return el("label", {}, label, field, this.wrong(at));
  }

  /** What is said, in every language, each to be heard. */
  saidIn(at, say, set, legend) {
    const parts = this.languages.map((code) => {
      const part = this.text(`${at}.${code}`, code, say?.[code] ?? "", (now, text) => set(now, code, text), t(`language.${code}`));
      const play = this.button("voice.hear", () => this.trial.hear(code, "", part.querySelector("textarea").value), "voice-hear", { class: "small" });
      part.append(play);
      return part;
    });
    return el("fieldset", { class: "langs" }, el("legend", {}, legend), ...parts, this.wrong(at));
  }

  keyRow(id, key) {
    const menu = this.body.menus[id];
    const at = `${id}.keys.${key}`;
    const choice = el("select", { "data-at": `${at}.key`, "aria-label": t("voice.key"), dir: "ltr" },
      ...[...KEYS].filter((one) => one === key || !(one in menu.keys)).map((one) => el("option", { selected: one === key }, one)));
    choice.addEventListener("change", () => this.change((now) => {
      const { keys } = now.menus[id];
      keys[choice.value] = keys[key];
      delete keys[key];
    }));
    const drop = this.button("rules.remove", () => this.change((now) => { delete now.menus[id].keys[key]; }), "voice-drop");
    const row = el("tr", { "data-key": key }, el("td", { class: "units" }, this.handle(id, key), choice, this.pressed(id, key)),
      el("td", {}, ...this.way(at, menu.keys[key], (now, way) => { now.menus[id].keys[key] = way; }, (now) => now.menus[id].keys[key], false), this.wrong(at), this.wrong(`${at}.to`), this.went(menu.keys[key])),
      el("td", { class: "acts" }, drop));
    const here = (event) => this.dragged?.id === id && this.dragged.key !== key && (event.preventDefault(), true);
    row.addEventListener("dragover", (event) => { if (here(event)) row.dataset.over = ""; });
    row.addEventListener("dragleave", () => { delete row.dataset.over; });
    row.addEventListener("drop", (event) => {
      if (!here(event)) return;
      const other = this.dragged.key;
      this.change((now) => {
        const { keys } = now.menus[id];
        [keys[key], keys[other]] = [keys[other], keys[key]];
      });
    });
    return row;
  }

  /** What a key is dragged by, onto another key of its menu: they change places. (The chooser beside it does it by keyboard.) */
  handle(id, key) {
    const handle = el("span", { class: "handle", draggable: "true", title: t("voice.drag"), "data-testid": "voice-handle" }, "⠿");
    handle.addEventListener("dragstart", (event) => {
      this.dragged = { id, key };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", key);
    });
    handle.addEventListener("dragend", () => { this.dragged = null; });
    return handle;
  }

  silentRow(id) {
    const at = `${id}.silent`;
    return el("tr", {}, el("td", { class: "units" }, t("voice.silent"), this.pressed(id, "silent")),
      el("td", {}, ...this.way(at, this.body.menus[id].silent, (now, way) => { now.menus[id].silent = way; }, (now) => now.menus[id].silent, true), this.wrong(at), this.wrong(`${at}.to`)), el("td", {}));
  }

  /** Choosers of a way; `silent`: nothing can be told. `set` puts another, `of` finds the one to change. */
  way(at, way, set, of, silent) {
    const ends = [["service", t("voice.agent")], ...this.services.map(([name, label]) => [`service${COLON}${name}`, t("voice.agent_of", { service: label })]),
      ["services", t("voice.services")], ...this.ids().map((id) => [`menu${COLON}${id}`, t("voice.menu_of", { menu: this.title(id) })]), [`menu${COLON}`, t("voice.new_menu")]];
    const turns = this.languages.map((code) => [`language${COLON}${code}`, t("voice.language_of", { language: t(`language.${code}`) })]);
    const pick = (where, now, options, choose, label) => {
      const value = now.to ? `${now.do}${COLON}${now.to}` : now.do;
      const select = el("select", { "data-at": where, "aria-label": label }, ...options.map(([one, text]) => el("option", { value: one, selected: one === value }, text)));
      select.addEventListener("change", () => choose(select.value));
      return select;
    };
    const read = (value, now) => {
      const [does, to] = value.split(COLON);
      if (does === "menu" && !to) return { do: "menu", to: this.made(now) };
      return to ? { do: does, to } : { do: does };
    };
    const all = [...turns, ...ends, ...(silent ? [] : [["say", t("voice.tell")], ["status", t("voice.status")], ["case", t("voice.case")]])];
    const first = pick(`${at}.way`, way, all, (value) => this.change((now) => {
      const made = read(value, now);
      if (made.do === "language") made.then = way.then ?? (["language", "say", "status", "case"].includes(way.do) ? { do: "services" } : copy(way));
      if (made.do === "say") made.say = Object.fromEntries(this.languages.map((code) => [code, ""]));
      set(now, made);
    }), t("voice.leads"));
    if (way.do === "language") {
      const then = pick(`${at}.then`, way.then ?? {}, ends, (value) => this.change((now) => { const made = read(value, now); of(now).then = made; }), t("voice.then"));
      return [first, el("span", { class: "quiet" }, t("voice.then")), then];
    }
    if (way.do === "say") return [first, this.saidIn(`${at}.say`, way.say, (now, code, text) => { of(now).say[code] = text; }, t("voice.tells"))];
    return [first];
  }

  /** A new menu in a body; its id. */
  made(now) {
    let n = Object.keys(now.menus).length + 1;
    while (`menu-${n}` in now.menus) n += 1;
    const id = `menu-${n}`;
    now.menus[id] = {
      names: { zh: t("voice.new_name", { n }) }, say: Object.fromEntries(this.languages.map((code) => [code, ""])), every: false, tries: 2, wait: 5,
      keys: { 0: { do: "service" } }, silent: { do: "service" },
    };
    return id;
  }

  addMenu() {
    let id = "";
    this.change((now) => { id = this.made(now); });
    this.form.querySelector(`#menu-${id}`)?.scrollIntoView({ block: "nearest" });
  }

  mark(faults) {
    super.mark(faults);
    for (const node of this.form.querySelectorAll("[data-fault]")) put(node, faults[node.dataset.fault] ?? "");
    for (const node of this.form.querySelectorAll("[data-at]")) node.toggleAttribute("aria-invalid", node.dataset.at in faults);
  }
}

new VoiceBook(document.querySelector("[data-rulebook]"));
