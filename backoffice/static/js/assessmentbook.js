// The book of the assessment on its page: items with formulas, grades and times; tried on this month, saved whole.

import { BookEditor } from "./bookeditor.js";
import { el, insist, post, put, t } from "./lib.js";

const LANGUAGES = ["zh", "en", "ug"];

class AssessmentBook extends BookEditor {
  constructor(form) {
    super(form, JSON.parse(form.dataset.rulebook), "/rules/assessment");
    this.draw();
  }

  /** Change the body; `again`: rows come, go or move, so that all is drawn anew. */
  change(make, again = false) {
    this.keep(make);
    if (again) this.draw();
  }

  /** What a formula comes to in this month, shown below its row. */
  async preview(row, under) {
    const asked = { about: row.about, formula: row.formula || "", better: row.better || "more", most: row.most };
    const found = await insist(() => post("/assessment/preview", asked), (passing) => this.say(passing.message));
    const lines = found.rows.map((cells) => el("tr", {}, ...cells.map((cell, at) => el("td", { dir: at ? "ltr" : "auto" }, cell))));
    under.replaceChildren(found.fault
      ? el("p", { class: "wrong", role: "alert" }, found.fault)
      : lines.length ? el("table", {}, el("tbody", {}, ...lines)) : el("p", { class: "quiet" }, t("assessment.none")));
  }

  draw() {
    const times = el("fieldset", { class: "within" }, el("legend", {}, t("assessment.book.within")),
      ...Object.keys(this.body.within).map((name) => el("label", {}, t(`assessment.book.${name}`),
        this.box(`within.${name}`, this.body.within[name], t(`assessment.book.${name}`),
          (body, value) => { body.within[name] = number(value); }), this.fault(`within.${name}`))));
    this.part("tables").replaceChildren(times, this.table("items"), this.adder("items"), this.table("grades"), this.adder("grades"));
    this.mark(this.faults);
    this.state();
  }

  table(key) {
    const heads = ["rules.code", ...LANGUAGES.map((one) => `language.${one}`),
      ...(key === "items" ? ["assessment.book.about", "assessment.book.posts", "assessment.most", "assessment.formula", "assessment.book.better", "rules.open"]
        : ["assessment.book.least"]), ""];
    return el("table", { class: "book", "data-list": key }, el("caption", {}, t(`assessment.book.${key}`)),
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head ? t(head) : "")))),
      ...this.body[key].map((row, at) => el("tbody", {}, this.row(key, row, at))));
  }

  row(key, row, at) {
    const where = `${key}.${at + 1}`;
    const set = (field, value) => (body) => { if (value === "") delete body[key][at][field]; else body[key][at][field] = value; };
    const cell = (field, value, label, more = {}, read = (text) => text, plain = false) => el("td", { class: more.class },
      this.box(`${where}.${field}`, value, label, (body, text) => (plain ? (body[key][at][field] = read(text)) : set(field, read(text))(body)), more), this.fault(`${where}.${field}`));
    const code = cell("code", row.code, t("rules.code"), { class: "code", dir: "ltr", maxlength: 20 }, (text) => text, true);
    const names = LANGUAGES.map((language) => el("td", { class: "name" }, this.box(`${where}.${language}`, row.names[language] ?? "",
      t(`language.${language}`), (body, text) => { body[key][at].names[language] = text; }, { lang: language, dir: language === "ug" ? "rtl" : "ltr", maxlength: 60 }),
      language === "zh" ? this.fault(`${where}.names`) : null));
    const line = el("tr", { "data-row": where, class: row.open === false ? "closed" : null }, code, ...names);
    if (key === "grades") line.append(cell("least", row.least, t("assessment.book.least"), { class: "units", dir: "ltr", inputmode: "decimal" }, number, true));
    else line.append(...this.says(row, at, where, set, cell));
    const below = el("td", { colspan: 11 });
    const trial = el("button", { type: "button", "data-testid": `preview-${row.code}`, title: t("assessment.book.preview") }, "=?");
    trial.addEventListener("click", () => {
      if (!below.parentNode) line.after(el("tr", { class: "trial" }, below));
      this.preview(this.body[key][at], below);
    });
    line.append(el("td", { class: "acts" }, key === "items" && row.formula !== undefined ? trial : null,
      this.act("↑", "rules.up", (body) => { if (at) body[key].splice(at - 1, 0, ...body[key].splice(at, 1)); }),
      this.act("✕", "rules.remove", (body) => { body[key].splice(at, 1); })));
    return line;
  }

  says(row, at, where, set, cell) {
    const pick = (field, value, choices, read = (text) => text) => {
      const select = el("select", { "aria-label": t(`assessment.book.${field}`), "data-at": `${where}.${field}`, multiple: field === "posts", size: field === "posts" ? 2 : null },
        ...choices.map(([code, name]) => el("option", { value: code, selected: Array.isArray(value) ? value.includes(code) : code === value }, name)));
      select.addEventListener("change", () => this.change(set(field, read(select))));
      return el("td", { class: "pick" }, select, this.fault(`${where}.${field}`));
    };
    const chosen = (select) => [...select.selectedOptions].map((one) => one.value);
    const open = el("input", { type: "checkbox", checked: row.open !== false, "aria-label": t("rules.open") });
    open.addEventListener("change", () => this.change(set("open", open.checked ? "" : false), true));
    return [
      pick("about", row.about, ["department", "person"].map((one) => [one, t(`assessment.about.${one}`)]), (select) => select.value),
      row.about === "person" ? pick("posts", row.posts ?? [], this.posts.map((one) => [one, t(`post.${one}`)]), (select) => chosen(select)) : el("td"),
      cell("most", row.most, t("assessment.most"), { class: "units", dir: "ltr", inputmode: "decimal" }, number, true),
      cell("formula", row.formula ?? "", t("assessment.formula"), { class: "formula", dir: "ltr", maxlength: 200, placeholder: t("assessment.book.judged"), spellcheck: "false" }),
      pick("better", row.better ?? "more", ["more", "less"].map((one) => [one, t(`assessment.book.${one}`)]), (select) => (select.value === "more" ? "" : select.value)),
      el("td", {}, open),
    ];
  }

  box(at, value, label, change, { class: _, ...more } = {}) {
    const input = el("input", { value, "aria-label": label, "data-at": at, ...more });
    input.addEventListener("change", () => this.change((body) => change(body, input.value.trim()), at.endsWith(".formula")));
    return input;
  }

  act(sign, label, make) {
    const button = el("button", { type: "button", title: t(label), "aria-label": t(label) }, sign);
    button.addEventListener("click", () => this.change(make, true));
    return button;
  }

  adder(key) {
    const button = el("button", { type: "button", "data-testid": `rules-add-${key}` }, `＋ ${t("rules.add")}`);
    const fresh = key === "items" ? { code: "", names: { zh: "" }, about: "department", most: 10, formula: "" } : { code: "", names: { zh: "" }, least: 0 };
    button.addEventListener("click", () => this.change((body) => { body[key].push(structuredClone(fresh)); }, true));
    return el("div", {}, button);
  }

  fault(where) { return el("span", { class: "wrong", role: "alert", "data-fault": where }); }

  mark(faults) {
    super.mark(faults);
    for (const node of this.form.querySelectorAll("[data-fault]")) put(node, faults[node.dataset.fault] ?? "");
    this.form.querySelector(".wrong:not(:empty)")?.scrollIntoView({ block: "center" });
  }
}

/** A number as typed; what is none stays as it is, for the desk to say so. */
function number(text) { return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text; }

new AssessmentBook(document.querySelector("[data-rulebook]"));
