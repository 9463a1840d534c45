// A working calendar on the page: a year of days, painted with a brush, undone step by step, saved whole.

import { BookEditor } from "./bookeditor.js";
import { announce, el, get, insist, now, put, t } from "./lib.js";

// Browsers know no Uyghur names of months and days, so all languages have them from the catalogue.
const names = (key) => t(`calendar.${key}`).split("|");
const DAY = 86_400_000;
const utc = (year, month, day) => new Date(Date.UTC(year, month, day));
const iso = (date) => date.toISOString().slice(0, 10);
/** Monday 0 … Sunday 6. */
const weekday = (date) => (date.getUTCDay() + 6) % 7;
const two = (n) => String(n).padStart(2, "0");

/** [[510, 720]] as "08:30-12:00". */
export const hoursText = (spans) => spans.map((span) => span.map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`).join("-")).join(" ");

/** "08:30-12:00 13:30-17:30" as spans of minutes; null for what is none. */
export function readHours(text) {
  const spans = [];
  for (const word of text.trim().split(/[\s,，、]+/u).filter(Boolean)) {
    const found = /^(\d{1,2})[:：](\d{2})[-–~～](\d{1,2})[:：](\d{2})$/u.exec(word);
    if (!found) return null;
    const [opens, closes] = [Number(found[1]) * 60 + Number(found[2]), Number(found[3]) * 60 + Number(found[4])];
    if (Number(found[2]) > 59 || Number(found[4]) > 59 || opens >= closes || closes > 1440) return null;
    spans.push([opens, closes]);
  }
  return spans.length ? spans : null;
}

class CalendarEditor extends BookEditor {
  constructor(form) {
    const given = JSON.parse(form.dataset.calendar);
    super(form, given, `/rules/calendars/${given.name}`);
    this.part("seed").addEventListener("click", () => this.seed());
    for (const button of form.querySelectorAll("[data-year]")) button.addEventListener("click", () => this.turn(Number(button.dataset.year)));
    this.part("pick").addEventListener("change", (event) => this.#go(event.target.value));
    this.part("make").addEventListener("click", () => { const name = this.part("newname").value.trim(); if (name) this.#go(name); });
    this.part("months").addEventListener("click", (event) => { const day = event.target.closest("[data-day]"); if (day) this.paint(day.dataset.day); });
    this.part("hours").addEventListener("change", () => this.#hours());
    this.part("known").addEventListener("change", (event) => { if (event.target.value) this.change((body) => { body.known_to = event.target.value; }); });
    this.draw();
  }

  get brush() { return this.form.querySelector("[name=brush]:checked").value; }

  change(make) {
    if (this.keep(make)) this.draw();
  }

  turn(step) {
    this.year += step;
    history.replaceState(null, "", `?year=${this.year}`);
    this.draw();
  }

  paint(day) {
    const brush = this.brush;
    const own = brush === "hours" ? readHours(this.part("half").value) : null;
    if (brush === "hours" && !own) { this.say(t("calendar.bad_hours")); return; }
    this.say("");
    const name = this.part("holiday").value.trim();
    this.change((body) => {
      for (const days of [body.days_off, body.workdays, body.hours]) delete days[day];
      if (brush === "off") body.days_off[day] = name;
      if (brush === "work") body.workdays[day] = name;
      if (brush === "hours") body.hours[day] = own;
    });
    this.form.querySelector(`[data-day="${day}"]`)?.focus();
  }

  async seed() {
    try {
      const found = await insist(() => get(`/api/holidays/${this.year}`), (passing) => this.say(passing.message));
      const year = String(this.year);
      this.change((body) => {
        for (const days of [body.days_off, body.workdays]) for (const day of Object.keys(days)) if (day.startsWith(year)) delete days[day];
        for (const day of [...Object.keys(found.days_off), ...Object.keys(found.workdays)]) delete body.hours[day];
        Object.assign(body.days_off, found.days_off);
        Object.assign(body.workdays, found.workdays);
        if (body.known_to < `${year}-12-31`) body.known_to = `${year}-12-31`;
      });
      this.say("");
      announce(t("calendar.seeded", { year }));
    } catch (trouble) {
      this.say(trouble.message);
    }
  }

  /** What a day is: off, work, hours, or as the week says (week: works, rest: does not). */
  kind(day) {
    const key = iso(day);
    if (key in this.body.hours) return "hours";
    if (key in this.body.workdays) return "work";
    if (key in this.body.days_off) return "off";
    return this.body.week.includes(weekday(day)) ? "plain" : "rest";
  }

  draw() {
    const focused = document.activeElement?.dataset?.day;
    put(this.part("thisyear"), this.year);
    this.part("seed").hidden = this.year < this.known[0] || this.year > this.known[1];
    this.part("months").replaceChildren(...Array.from({ length: 12 }, (_, month) => this.#month(month)));
    this.part("hours").value = hoursText(this.body.spans);
    this.part("known").value = this.body.known_to;
    this.#week();
    const days = Math.round((utc(this.year + 1, 0, 1) - utc(this.year, 0, 1)) / DAY);
    const work = Array.from({ length: days }, (_, n) => utc(this.year, 0, 1 + n)).filter((day) => !["off", "rest"].includes(this.kind(day))).length;
    put(this.part("count"), t("calendar.count", { year: this.year, work, off: days - work }));
    this.state();
    if (focused) this.form.querySelector(`[data-day="${focused}"]`)?.focus();
  }

  #month(month) {
    const first = utc(this.year, month, 1);
    const days = utc(this.year, month + 1, 0).getUTCDate();
    const today = new Date(now()).toLocaleDateString("en-CA", { timeZone: document.documentElement.dataset.zone });
    const cells = [...Array(weekday(first)).fill(null), ...Array.from({ length: days }, (_, n) => utc(this.year, month, n + 1))];
    const rows = [];
    for (let at = 0; at < cells.length; at += 7) rows.push(cells.slice(at, at + 7));
    const [long, short] = [names("weekdays"), names("weekdays_short")];
    const day = (date) => {
      const key = iso(date);
      const kind = this.kind(date);
      const name = this.body.days_off[key] ?? this.body.workdays[key] ?? (this.body.hours[key] ? hoursText(this.body.hours[key]) : "");
      const what = { off: t("calendar.brush_off"), work: t("calendar.brush_work"), hours: t("calendar.brush_hours") }[kind] ?? "";
      return el("button", { type: "button", class: "day", "data-day": key, "data-kind": kind, "data-unknown": key > this.body.known_to,
        title: [name, what].filter(Boolean).join(" · ") || null, "aria-label": [key, name, what].filter(Boolean).join(" "),
        "aria-current": key === today ? "date" : null }, String(date.getUTCDate()));
    };
    return el("table", { class: "month" }, el("caption", {}, names("months")[month]),
      el("thead", {}, el("tr", {}, ...short.map((name, n) => el("th", { scope: "col", abbr: long[n] }, name)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((date) => el("td", {}, date ? day(date) : ""))))));
  }

  #week() {
    this.part("week").replaceChildren(...names("weekdays").map((name, n) => {
      const box = el("input", { type: "checkbox", checked: this.body.week.includes(n), "data-weekday": n });
      box.addEventListener("change", () => this.change((body) => {
        body.week = body.week.filter((one) => one !== n).concat(box.checked ? [n] : []).sort();
      }));
      return el("label", { class: "tick" }, box, name);
    }));
  }

  #hours() {
    const spans = readHours(this.part("hours").value);
    if (!spans) { this.say(t("calendar.bad_hours")); return; }
    this.say("");
    this.change((body) => { body.spans = spans; });
  }

  key(event) {
    const day = event.target.closest?.("[data-day]");
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && day) { event.preventDefault(); this.undo(); return; }
    if (!day || event.ctrlKey || event.altKey || event.metaKey) return;
    const brush = this.form.querySelectorAll("[name=brush]")[Number(event.key) - 1];
    if (brush) { brush.checked = true; event.preventDefault(); return; }
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 7, ArrowUp: -7 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = iso(new Date(Date.parse(`${day.dataset.day}T00:00:00Z`) + step * DAY));
    this.form.querySelector(`[data-day="${next}"]`)?.focus();
  }

  #go(name) { location.assign(`/rules/calendars/${encodeURIComponent(name)}?year=${this.year}`); }
}

new CalendarEditor(document.querySelector("[data-calendar]"));
