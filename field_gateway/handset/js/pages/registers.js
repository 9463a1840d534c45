/** Registers: which there are; one looked through by words, a small one without a network too. */
import { current } from "../i18n.js";
import { Kept, asked, look, trouble } from "../kept.js";
import { banner, busy, button, card, el, empty, fill, list, ltr, row } from "../ui.js";

const MOST = 40;
const name = (about) => about.names[current()] ?? about.names.zh;
const fold = (text) => text.normalize("NFKC").toLowerCase();
const LON = ["lon", "lng", "longitude", "经度", "ئۇزۇنلۇق"];
const LAT = ["lat", "latitude", "纬度", "كەڭلىك"];

/** The rows that have all the words. */
export function having(rows, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  return rows.filter((values) => { const text = fold(values.join("\n")); return words.every((word) => text.includes(word)); });
}

export default {
  name: "registers",
  icon: "book",
  title: "registers.title",
  async mount(root, app, { name: wanted = "", q = "" }) {
    if (wanted) return this.one(root, app, wanted, q);
    const { t } = app;
    const all = new Kept(app, ({ registers }) => list(registers, (about) => row({
      name: "book", title: el("bdi", {}, name(about)), under: el("bdi", {}, about.columns.slice(0, 4).join(" · ")), end: [ltr(about.rows), about.small ? el("span", {}, t("registers.whole")) : null],
      act: () => app.go("registers", { name: about.name }), test: "register",
    }), empty("book", t("registers.none"))), { test: "registers" });
    root.append(el("p", { class: "quiet" }, t("registers.about")), all.node);
    return all.show("/registers");
  },

  async one(root, app, wanted, q) {
    const { t } = app;
    const about = (await look(app, "/registers"))?.value.registers.find((one) => one.name === wanted);
    const search = el("input", { type: "search", dir: "auto", value: q, maxlength: "100", placeholder: t("registers.find"), "aria-label": t("registers.find"), "data-testid": "register-find" });
    const head = el("h2", {}, about ? el("bdi", {}, name(about)) : "");
    if (about?.small) {
      const whole = new Kept(app, (told) => this.rows(app, told, having(told.rows, search.value)), { test: "rows" });
      search.addEventListener("input", () => whole.value && fill(whole.body, this.rows(app, whole.value, having(whole.value.rows, search.value))));
      root.append(head, search, whole.node);
      return whole.show(`/registers/${wanted}`);
    }
    const body = el("div", { class: "kept", "data-testid": "rows" });
    const ask = async (after = "", before = []) => {
      fill(body, busy());
      try {
        const told = await app.api.get(asked(`/registers/${wanted}`, { q: search.value.trim(), after }));
        const rows = [...before, ...told.rows];
        fill(body, this.rows(app, told, rows, rows.length), told.after ? button(t("registers.more"), () => ask(told.after, rows), { test: "rows-more" }) : null);
      } catch (error) {
        fill(body, banner("warn", trouble(app, error), button(t("ui.again"), () => ask(after, before), { test: "again" })));
      }
    };
    const form = el("form", { on: { submit: (event) => { event.preventDefault(); ask(); } } }, search, button(t("registers.look"), () => undefined, { kind: "main", name: "search", type: "submit", test: "register-look" }));
    root.append(head, form, el("p", { class: "quiet" }, t("registers.online")), body);
    return q ? ask() : undefined;
  },

  rows(app, { columns }, rows, most = MOST) {
    const { t } = app;
    const [lon, lat] = [LON, LAT].map((names) => columns.findIndex((head) => names.includes(head.toLowerCase())));
    return [
      list(rows.slice(0, most), (values) => el("div", { class: "entry record", "data-testid": "record" },
        el("strong", {}, el("bdi", {}, values[1] || values[0])),
        el("dl", { class: "facts" }, columns.flatMap((head, i) => (values[i] && i !== 1 && i !== lon && i !== lat ? [el("dt", {}, el("bdi", {}, head)), el("dd", { dir: "auto" }, values[i])] : []))),
        el("div", { class: "acts" },
          values[lon] && values[lat] ? button(t("registers.map"), () => app.go("map", { lon: values[lon], lat: values[lat], label: values[1] || values[0] }), { kind: "small", name: "map" }) : null)),
      empty("search", t("registers.none_found"))),
      rows.length > most ? card(null, el("p", {}, t("registers.narrow", { n: rows.length - most }))) : null,
    ];
  },
};
