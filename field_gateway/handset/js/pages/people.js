/** The address book: emergencies always, then the short list, then everybody by the department tree; and a field to dial. */
import { ALWAYS, allowedAs, plain } from "../dialrules.js";
import { current } from "../i18n.js";
import { Kept, look, read, trouble } from "../kept.js";
import { ask, button, card, chip, el, empty, fill, icon, list, ltr, toast } from "../ui.js";

const MOST_FOUND = 60;
const names = (row) => row.names[current()] ?? row.names.zh;

/** A number that is called by one touch. */
export const call = (app, number, words, kind = "") =>
  el("a", { class: `button call ${kind}`, href: `tel:${number}`, "data-testid": "call", "aria-label": `${app.t("people.call")} ${words} ${number}` }, icon("phone"), ltr(number));

/** Every number of the address book. */
export const numbersOf = (book) => new Set((book?.people ?? []).flatMap((one) => [one.mobile, one.phone]).filter(Boolean));

export default {
  name: "people",
  icon: "people",
  title: "people.title",
  async mount(root, app) {
    const { t } = app;
    let rules = (await look(app, "/dialrules"))?.value;
    const emergency = el("div", { class: "emergency", "data-testid": "emergency" });
    const short = el("div");
    const dial = this.dial(app, () => rules, () => book.value);
    const search = el("input", { type: "search", dir: "auto", placeholder: t("people.find"), "aria-label": t("people.find"), "data-testid": "people-find" });
    const book = new Kept(app, (told) => this.tree(app, told, search.value), { test: "people" });
    search.addEventListener("input", () => book.value && fill(book.body, this.tree(app, book.value, search.value)));
    const put = () => {
      const always = rules?.emergency ?? ALWAYS.map((number) => ({ number, names: {} }));
      fill(emergency, always.map((row) => el("a", { class: "button danger", href: `tel:${row.number}`, "aria-label": `${t("people.call")} ${names(row) ?? ""} ${row.number}`, "data-testid": `dial-${row.number}` },
        ltr(row.number), el("span", {}, names(row) ?? t(`people.n${row.number}`)))));
      fill(short, rules?.numbers.length ? card(t("people.short"), list(rules.numbers, (row) => el("div", { class: "row" }, el("span", { class: "lines" }, el("bdi", {}, names(row))), call(app, row.number, names(row))), null, { class: "list flat" })) : null);
    };
    put();
    root.append(emergency, search, book.node, short, dial);
    const [fresh] = await Promise.all([read(app, "/dialrules").catch(() => null), book.show("/people")]);
    if (fresh) rules = fresh.value;
    put();
  },

  /** Who has these words, or the tree. */
  tree(app, { departments, people }, typed) {
    const { t } = app;
    const words = typed.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const unit = new Map(departments.map((one) => [one.id, one]));
    if (words.length) {
      const found = people.filter((one) => {
        const text = [one.name, unit.get(one.department)?.name, one.mobile, one.phone, t(`people.post_${one.post}`)].join(" ").normalize("NFKC").toLowerCase();
        return words.every((word) => text.includes(word));
      });
      return list(found.slice(0, MOST_FOUND), (one) => this.person(app, one, unit.get(one.department)?.name), empty("search", t("people.none_found")));
    }
    const of = new Map();
    for (const one of people) of.set(one.department ?? "", [...(of.get(one.department ?? "") ?? []), one]);
    const below = new Map();
    for (const one of departments) below.set(one.parent ?? "", [...(below.get(one.parent ?? "") ?? []), one]);
    const count = (id) => (of.get(id)?.length ?? 0) + (below.get(id) ?? []).reduce((sum, one) => sum + count(one.id), 0);
    // A group call goes to one's own department, or one below it.
    const own = people.find((one) => one.id === app.state.worker?.id)?.department;
    const branch = (one, mine = false) => el("details", { class: "branch", open: departments.length <= 3, "data-testid": "department" },
      el("summary", {}, el("bdi", {}, one.name), ltr(count(one.id), { class: "quiet" })),
      mine || one.id === own ? button(t("people.group"), () => this.group(app, one), { kind: "small", name: "people", test: "group-call" }) : null,
      list(of.get(one.id) ?? [], (each) => this.person(app, each)),
      (below.get(one.id) ?? []).map((each) => branch(each, mine || one.id === own)));
    const alone = of.get("") ?? [];
    return [
      ...(below.get("") ?? []).map((one) => branch(one)),
      alone.length ? el("details", { class: "branch", open: !departments.length }, el("summary", {}, el("span", {}, t("people.no_department")), ltr(alone.length, { class: "quiet" })), list(alone, (one) => this.person(app, one))) : null,
      people.length ? null : empty("people", t("people.none")),
    ];
  },

  /** Have everybody of a department who is on duty rung into one call, this phone first. */
  async group(app, { id, name }) {
    const { t } = app;
    if ((await ask(t("people.group_ask", { name }), [["yes", t("people.group"), "main"], ["", t("ui.cancel")]], t("people.group_about"))) !== "yes") return;
    try {
      const { people } = await app.api.post("/groupcall", { department: id });
      toast(t("people.group_rings", { n: people.length }), "good");
    } catch (error) {
      const known = ["off-duty", "no-number", "too-soon", "nobody", "too-many"].includes(error.code);
      toast(known ? t(`people.group_${error.code.replace("-", "_")}`) : trouble(app, error), "warn");
    }
  },

  person(app, one, department = "") {
    const calls = [one.mobile, one.phone].filter(Boolean).map((number) => call(app, number, one.name));
    return el("div", { class: "person", "data-testid": "person" },
      el("span", { class: "lines" }, el("bdi", { class: "first" }, one.name), el("span", { class: "second" }, app.t(`people.post_${one.post}`) === `people.post_${one.post}` ? one.post : app.t(`people.post_${one.post}`), department ? el("bdi", {}, department) : null)),
      calls.length ? el("span", { class: "calls" }, calls) : el("span", { class: "quiet" }, app.t("people.no_number")));
  },

  /** A number that is typed: called only if the rules say so. */
  dial(app, rules, book) {
    const { t } = app;
    const typed = el("input", { type: "tel", inputmode: "tel", dir: "ltr", autocomplete: "off", maxlength: "24", "data-testid": "dial-number" });
    const said = el("div", { class: "dialsaid", role: "status", "data-testid": "dial-said" });
    typed.addEventListener("input", () => {
      const number = plain(typed.value);
      if (!number) return fill(said);
      const kind = allowedAs(rules(), number, numbersOf(book()));
      return fill(said, kind ? [chip("good", t(`people.as_${kind}`)), call(app, number, "", "main")] : chip("bad", t("people.not_allowed")));
    });
    return card(t("people.dial"), el("label", { class: "field" }, el("span", { class: "label" }, t("people.number")), typed), said);
  },
};
