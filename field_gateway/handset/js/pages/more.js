/** The rest of the pages, as a list; the language; who is logged in, and leaving. */
import { LANGUAGES, bytes, current } from "../i18n.js";
import { space, version } from "../health.js";
import { ask, busy, button, card, el, fill, list, ltr, row, toast } from "../ui.js";
import { PAGES } from "./index.js";

/** The choice of a language. */
export const languages = (app) => card(app.t("more.language"), el("div", { class: "choices" }, Object.entries(LANGUAGES).map(([code, words]) =>
  el("button", {
    type: "button", class: "choice", lang: code, "aria-pressed": String(code === current()), "data-testid": `language-${code}`,
    on: { click: () => app.speak(code) },
  }, words))));

/** Ask how to leave, and leave. */
export async function leave(app, root) {
  const { t, state } = app;
  const how = await ask(t("leave.ask"), [
    ...(state.duty ? [["off", t("leave.off"), "main"]] : []), ["plain", t(state.duty ? "leave.plain" : "leave.yes"), state.duty ? "plain" : "main"], ["", t("ui.cancel")],
  ], state.waiting ? t("leave.waiting", { n: state.waiting }) : "");
  if (!how) return;
  fill(root, busy(t("leave.busy")));
  const told = await app.session.logout(how === "off");
  if (!told) toast(t(how === "off" ? "leave.untold_off" : "leave.untold"), "warn");
  app.go("login");
}

export default {
  name: "more",
  icon: "more",
  title: "more.title",
  async mount(root, app) {
    const { t, state } = app;
    const rest = PAGES.filter((page) => page.where === "more" && (!page.shown || page.shown(app)));
    root.append(
      list(rest, (page) => row({ name: page.icon, title: t(page.title), act: () => app.go(page.name), test: `more-${page.name}` })),
      languages(app),
      card(t("more.who"), el("p", {}, state.worker.name, " · ", ltr(state.device.name)), button(t("leave.title"), () => leave(app, root), { name: "out", test: "logout" })),
    );
    const [room, stamp] = await Promise.all([space(), version()]);
    root.append(el("p", { class: "quiet centre" }, t("more.app"), " ", ltr(stamp), ...(room ? [" · ", t("more.room", { free: bytes(room.free) })] : [])));
  },
};
