// The book of quality inspection on its page: score sheets with sections and items; saved whole as the next version.

import { BookEditor } from "./bookeditor.js";
import { el, put, t } from "./lib.js";

const LANGUAGES = ["zh", "en", "ug"];
const HEADS = ["rules.code", ...LANGUAGES.map((one) => `language.${one}`), "quality.book.kind", "quality.book.most", "quality.book.weight", "quality.book.fatal", "quality.book.skip", ""];
const ITEM = { code: "", names: { zh: "" }, weight: 5 };
const SECTION = { code: "", names: { zh: "" }, items: [ITEM] };
const SHEET = { code: "", names: { zh: "" }, least: 80, sections: [SECTION] };

/** A number as typed; what is none stays as it is, for the desk to say so. */
const number = (text) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

class QualityBook extends BookEditor {
  constructor(form) {
    super(form, JSON.parse(form.dataset.rulebook), "/rules/quality");
    this.draw();
  }

  change(make, again = false) {
    this.keep(make);
    if (again) this.draw();
  }

  draw() {
    const days = this.box("appeal_days", this.body.appeal_days, t("quality.book.appeal_days"), (body, text) => { body.appeal_days = number(text); }, { dir: "ltr", inputmode: "numeric" });
    this.part("tables").replaceChildren(
      el("fieldset", { class: "within" }, el("legend", {}, t("quality.book.times")), el("label", {}, t("quality.book.appeal_days"), days, this.fault("appeal_days"))),
      ...this.body.sheets.map((sheet, at) => this.sheet(sheet, at)),
      this.adder("quality.book.add_sheet", (body) => body.sheets, SHEET, "sheet"), this.fault("sheets"));
    this.mark(this.faults);
    this.state();
  }

  sheet(sheet, at) {
    const where = `sheets.${at + 1}`;
    const of = (body) => body.sheets[at];
    const open = el("input", { type: "checkbox", checked: sheet.open !== false });
    open.addEventListener("change", () => this.change((body) => { if (open.checked) delete of(body).open; else of(body).open = false; }, true));
    const field = (label, input, ...under) => el("label", {}, label, input, ...under);
    return el("section", { class: "card qualitysheet", "data-sheet": sheet.code },
      el("div", { class: "row" },
        field(t("quality.book.sheet"), this.box(`${where}.code`, sheet.code, t("rules.code"), (body, text) => { of(body).code = text; }, { dir: "ltr", maxlength: 20 }), this.fault(`${where}.code`)),
        ...LANGUAGES.map((language) => field(t(`language.${language}`), this.named(where, sheet, of, language), language === "zh" ? this.fault(`${where}.names`) : "")),
        field(t("quality.book.least"), this.box(`${where}.least`, sheet.least, t("quality.book.least"), (body, text) => { of(body).least = number(text); }, { dir: "ltr", inputmode: "decimal" }), this.fault(`${where}.least`)),
        el("label", { class: "tick" }, open, t("rules.open"))),
      this.fault(`${where}.sections`),
      ...sheet.sections.map((section, k) => this.section(section, `${where}.sections.${k + 1}`, (body) => of(body).sections, k)),
      this.adder("quality.book.add_section", (body) => of(body).sections, SECTION, "section"));
  }

  section(section, where, list, at) {
    const of = (body) => list(body)[at];
    const head = el("tr", { "data-level": "1" },
      el("td", { class: "code" }, this.box(`${where}.code`, section.code, t("rules.code"), (body, text) => { of(body).code = text; }, { dir: "ltr", maxlength: 20 }), this.fault(`${where}.code`)),
      ...LANGUAGES.map((language) => el("td", { class: "name" }, this.named(where, section, of, language), language === "zh" ? this.fault(`${where}.names`) : "")),
      el("td", { colspan: 5 }, this.fault(`${where}.items`)),
      el("td", { class: "acts" }, ...this.acts(list, at)));
    const add = this.adder("rules.add", (body) => of(body).items, ITEM, "item");
    return el("table", { class: "book", "data-list": "items" },
      el("thead", {}, el("tr", {}, ...HEADS.map((one) => el("th", { scope: "col" }, one ? t(one) : "")))),
      el("tbody", {}, head, ...section.items.flatMap((item, k) => this.item(item, `${where}.items.${k + 1}`, (body) => of(body).items, k))),
      el("tfoot", {}, el("tr", {}, el("td", { colspan: 10 }, add))));
  }

  item(item, where, list, at) {
    const of = (body) => list(body)[at];
    const scale = item.kind === "scale";
    const kind = el("select", { "aria-label": t("quality.book.kind"), "data-at": `${where}.kind` },
      ...["yes-no", "scale"].map((one) => el("option", { value: one, selected: one === (item.kind ?? "yes-no") }, t(`quality.kind.${one}`))));
    kind.addEventListener("change", () => this.change((body) => {
      if (kind.value === "scale") Object.assign(of(body), { kind: "scale", most: 5 });
      else { delete of(body).kind; delete of(body).most; }
    }, true));
    const tick = (flag) => {
      const box = el("input", { type: "checkbox", checked: item[flag] === true, "aria-label": t(`quality.book.${flag}`) });
      box.addEventListener("change", () => this.change((body) => { if (box.checked) of(body)[flag] = true; else delete of(body)[flag]; }));
      return el("td", {}, box, this.fault(`${where}.${flag}`));
    };
    const most = this.box(`${where}.most`, item.most ?? 1, t("quality.book.most"), (body, text) => { of(body).most = number(text); }, { dir: "ltr", inputmode: "numeric", disabled: !scale });
    const hint = (language) => this.box(`${where}.hints.${language}`, item.hints?.[language] ?? "", `${t("quality.book.hint")} ${t(`language.${language}`)}`, (body, text) => {
      const hints = { ...of(body).hints, [language]: text };
      if (Object.values(hints).some(Boolean)) of(body).hints = hints; else delete of(body).hints;
    }, { lang: language, dir: language === "ug" ? "rtl" : "ltr", maxlength: 300, placeholder: t("quality.book.hint") });
    return [
      el("tr", { "data-row": where },
        el("td", { class: "code" }, this.box(`${where}.code`, item.code, t("rules.code"), (body, text) => { of(body).code = text; }, { dir: "ltr", maxlength: 20, "data-testid": `quality-code-${item.code}` }), this.fault(`${where}.code`)),
        ...LANGUAGES.map((language) => el("td", { class: "name" }, this.named(where, item, of, language), language === "zh" ? this.fault(`${where}.names`) : "")),
        el("td", { class: "pick" }, kind, this.fault(`${where}.kind`)),
        el("td", { class: "units" }, most, this.fault(`${where}.most`)),
        el("td", { class: "units" }, this.box(`${where}.weight`, item.weight, t("quality.book.weight"), (body, text) => { of(body).weight = number(text); }, { dir: "ltr", inputmode: "decimal", "data-testid": `quality-weight-${item.code}` }), this.fault(`${where}.weight`)),
        tick("fatal"), tick("skip"),
        el("td", { class: "acts" }, ...this.acts(list, at))),
      el("tr", { class: "hints" }, el("td", {}), ...LANGUAGES.map((language) => el("td", { class: "name" }, hint(language), language === "zh" ? this.fault(`${where}.hints`) : "")), el("td", { colspan: 6 })),
    ];
  }

  named(where, row, of, language) {
    return this.box(`${where}.${language}`, row.names[language] ?? "", t(`language.${language}`), (body, text) => { of(body).names[language] = text; },
      { lang: language, dir: language === "ug" ? "rtl" : "ltr", maxlength: 60 });
  }

  box(at, value, label, change, more = {}) {
    const input = el("input", { value, "aria-label": label, "data-at": at, ...more });
    input.addEventListener("change", () => this.change((body) => change(body, input.value.trim())));
    return input;
  }

  acts(list, at) {
    const act = (sign, label, make) => {
      const button = el("button", { type: "button", title: t(label), "aria-label": t(label) }, sign);
      button.addEventListener("click", () => this.change((body) => make(list(body)), true));
      return button;
    };
    return [act("↑", "rules.up", (rows) => { if (at) rows.splice(at - 1, 0, ...rows.splice(at, 1)); }), act("✕", "rules.remove", (rows) => rows.splice(at, 1))];
  }

  adder(label, list, fresh, name) {
    const button = el("button", { type: "button", "data-testid": `quality-add-${name}` }, `＋ ${t(label)}`);
    button.addEventListener("click", () => this.change((body) => list(body).push(structuredClone(fresh)), true));
    return el("div", {}, button);
  }

  fault(where) { return el("span", { class: "wrong", role: "alert", "data-fault": where }); }

  mark(faults) {
    super.mark(faults);
    for (const node of this.form.querySelectorAll("[data-fault]")) put(node, faults[node.dataset.fault] ?? "");
    this.form.querySelector(".wrong:not(:empty)")?.scrollIntoView({ block: "center" });
  }
}

new QualityBook(document.querySelector("[data-rulebook]"));
