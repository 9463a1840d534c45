// The book of return visits on its page: numbers, classes and categories; saved whole as the next version.

import { BookEditor } from "./bookeditor.js";
import { el, put, t } from "./lib.js";

const NUMBERS = ["after_hours", "within_days", "tries", "busy_minutes", "no_answer_minutes", "refused_minutes", "failed_minutes", "opens", "closes"];
const number = (text) => (/^[0-9]+$/.test(text) ? Number(text) : text);

class VisitsBook extends BookEditor {
  constructor(form) {
    super(form, JSON.parse(form.dataset.rulebook), "/rules/visits");
    this.draw();
  }

  draw() {
    const field = (name, input) => el("label", {}, t(`rules.visit.${name}`), input, el("span", { class: "wrong", role: "alert", "data-fault": name }));
    const numbers = NUMBERS.map((name) => {
      const input = el("input", { value: this.body[name], inputmode: "numeric", dir: "ltr", maxlength: 5, "data-at": name, "data-testid": `visits-${name}` });
      input.addEventListener("change", () => this.keep((body) => { body[name] = number(input.value.trim()); }));
      return field(name, input);
    });
    const classes = this.classes.map((code) => {
      const tick = el("input", { type: "checkbox", checked: this.body.classes.includes(code) });
      tick.addEventListener("change", () => this.keep((body) => {
        body.classes = tick.checked ? [...body.classes, code].sort() : body.classes.filter((one) => one !== code);
      }));
      return el("label", { class: "tick" }, tick, t(`class.${code}`));
    });
    const codes = el("input", { value: this.body.categories.join(" "), dir: "ltr", maxlength: 1400, "data-at": "categories" });
    codes.addEventListener("change", () => this.keep((body) => { body.categories = codes.value.split(/\s+/).filter(Boolean); }));
    const days = this.body.week.map((hours, n) => {
      const input = el("input", { value: hours, dir: "ltr", maxlength: 100, placeholder: t("rules.visit.usual"), "data-testid": `visits-day-${n}` });
      input.addEventListener("change", () => this.keep((body) => { body.week = body.week.with(n, input.value.trim()); }));
      return el("label", {}, t(`rules.visit.day${n}`), input);
    });
    const holidays = el("input", { type: "checkbox", checked: this.body.holidays, "data-testid": "visits-holidays" });
    holidays.addEventListener("change", () => this.keep((body) => { body.holidays = holidays.checked; }));
    this.part("tables").replaceChildren(el("div", { class: "visitbook card" }, ...numbers,
      el("fieldset", {}, el("legend", {}, t("rules.visit.classes")), ...classes, el("span", { class: "wrong", role: "alert", "data-fault": "classes" })),
      field("categories", codes),
      el("fieldset", { class: "callweek" }, el("legend", {}, t("rules.visit.week")), ...days, el("span", { class: "wrong", role: "alert", "data-fault": "week" })),
      el("label", { class: "tick" }, holidays, t("rules.visit.holidays"))));
    this.mark(this.faults);
    this.state();
  }

  mark(faults) {
    super.mark(faults);
    for (const node of this.form.querySelectorAll("[data-fault]")) put(node, faults[node.dataset.fault] ?? "");
  }
}

new VisitsBook(document.querySelector("[data-rulebook]"));
