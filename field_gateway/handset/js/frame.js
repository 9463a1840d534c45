/** What stands around every page: the bar above (page, network, what waits) and the one below (where to go). */
import { t } from "./i18n.js";
import { PAGES } from "./pages/index.js";
import { el, fill, icon, ltr } from "./ui.js";

export class Frame {
  #app;

  constructor(app, body) {
    this.#app = app;
    this.title = el("h1", { tabindex: "-1" });
    this.back = el("button", { type: "button", class: "back", "data-testid": "back", on: { click: () => history.length > 1 ? history.back() : app.go("home") } }, icon("back"));
    this.pill = el("button", { type: "button", class: "pill", "data-testid": "net", on: { click: () => app.go("history") } });
    this.main = el("main", { id: "page" });
    this.foot = el("nav", { class: "foot" });
    this.notes = el("div", { class: "notes", "data-testid": "notes" });
    body.replaceChildren(el("header", { class: "top" }, this.back, this.title, this.pill), this.notes, this.main, this.foot);
    app.on("page", (page) => this.#page(page));
    app.on("state", () => this.draw());
    app.on("language", () => this.draw());
  }

  #page({ name, title, entry }) {
    this.name = name;
    this.titleKey = title;
    this.isFoot = entry.where === "bar" || entry.open;
    this.draw();
  }

  draw() {
    const { state } = this.#app;
    const title = this.titleKey ? t(this.titleKey) : "";
    this.title.textContent = title;
    document.title = title ? `${title} – Gridline` : "Gridline";
    this.back.hidden = this.isFoot;
    this.back.setAttribute("aria-label", t("ui.back"));
    this.pill.dataset.state = state.online ? "up" : "down";
    this.pill.dataset.way = state.way;
    this.pill.hidden = !state.device;
    fill(this.pill, icon(state.online ? "online" : "offline"), el("span", {}, t(state.online ? "net.online" : "net.offline")),
      state.waiting ? ltr(state.waiting, { class: "count", "data-testid": "waiting" }) : null);
    this.pill.setAttribute("aria-label", `${t(state.online ? "net.online" : "net.offline")} · ${t("net.waiting", { n: state.waiting })}`);
    const known = Boolean(state.device && state.worker);
    this.foot.hidden = !known;
    this.foot.setAttribute("aria-label", t("ui.menu"));
    if (!known) return;
    const counts = { tasks: state.tasks, messages: state.unseen };
    fill(this.foot, PAGES.filter((page) => page.where === "bar").map((page) =>
      el("a", { href: `#/${page.name}`, class: page.name === "report" ? "tab main" : "tab", "data-testid": `tab-${page.name}`, "aria-current": page.name === this.name ? "page" : undefined },
        el("span", { class: "mark" }, icon(page.icon), counts[page.name] ? ltr(counts[page.name], { class: "count" }) : null),
        el("span", {}, t(page.title)))));
  }
}
