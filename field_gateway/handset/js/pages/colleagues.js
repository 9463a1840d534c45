/** Colleagues on duty near by, for who is on duty too. Looked at on purpose; nothing of it stays on the phone. */
import { far } from "../geo.js";
import { when } from "../i18n.js";
import { asked, trouble } from "../kept.js";
import { banner, busy, button, el, empty, fill, list, ltr } from "../ui.js";
import { call } from "./people.js";

const WITHIN = [1, 5, 20];

export default {
  name: "colleagues",
  icon: "person",
  title: "colleagues.title",
  async mount(root, app) {
    const { t } = app;
    let within = 5;
    const body = el("div", { class: "kept", "data-testid": "colleagues" });
    const choices = el("div", { class: "choices layers", role: "group", "aria-label": t("colleagues.within") });
    const draw = () => fill(choices, WITHIN.map((km) => el("button", {
      type: "button", class: "choice", "aria-pressed": String(km === within), "data-testid": `within-${km}`,
      on: { click: () => { within = km; draw(); look(); } },
    }, ltr(`${km} km`))));
    const look = async () => {
      fill(body, busy());
      const at = app.position.last();
      try {
        const told = await app.api.get(asked("/colleagues", { lon: at?.lon, lat: at?.lat, within: within * 1000 }));
        fill(body, told.on_duty ? this.list(app, told.people) : banner("info", t("colleagues.off_duty"), button(t("home.title"), () => app.go("home"))));
      } catch (error) {
        fill(body, banner("warn", trouble(app, error), button(t("ui.again"), look, { test: "again" })));
      }
    };
    draw();
    root.append(el("p", { class: "quiet" }, t("colleagues.about")), choices, body, button(t("kept.renew"), look, { name: "history", test: "renew" }));
    await look();
  },
  list(app, people) {
    const { t } = app;
    return list(people, (one) => el("div", { class: "person", "data-testid": "colleague" },
      el("span", { class: "lines" }, el("bdi", { class: "first" }, one.name),
        el("span", { class: "second" }, one.department ? el("bdi", {}, one.department) : null,
          one.metres === undefined ? t(one.lon === undefined ? "colleagues.nowhere" : "colleagues.somewhere") : ltr(far(one.metres).join(" ")),
          one.fixed_at ? ltr(when(one.fixed_at)) : null)),
      el("span", { class: "calls" },
        one.lon === undefined ? null : button(t("colleagues.map"), () => app.go("map", { lon: one.lon, lat: one.lat, label: one.name }), { kind: "small", name: "map" }),
        one.mobile ? call(app, one.mobile, one.name) : null)), empty("people", t("colleagues.none")));
  },
};
