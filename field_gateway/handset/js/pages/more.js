/** The rest of the pages, as a list; the language; who is logged in. */
import { LANGUAGES, current } from "../i18n.js";
import { card, el, list, row } from "../ui.js";
import { PAGES } from "./index.js";

export default {
  name: "more",
  icon: "more",
  title: "more.title",
  mount(root, app) {
    const rest = PAGES.filter((page) => page.where === "more");
    root.append(
      list(rest, (page) => row({ name: page.icon, title: app.t(page.title), act: () => app.go(page.name), test: `more-${page.name}` })),
      card(app.t("more.language"), el("div", { class: "choices" }, Object.entries(LANGUAGES).map(([code, words]) =>
        el("button", {
          type: "button", class: "choice", lang: code, "aria-pressed": String(code === current()), "data-testid": `language-${code}`,
          on: { click: () => app.speak(code) },
        }, words)))),
    );
  },
};
