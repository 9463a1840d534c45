/** Help: short answers to what workers ask, without a network; and whom to call. */
import { card, el } from "../ui.js";
import { call } from "./people.js";

const PARTS = ["network", "colours", "edit", "duty", "place", "photos", "map", "dial", "log_in", "lost"];

export default {
  name: "help",
  icon: "help",
  title: "help.title",
  mount(root, app) {
    const { t, config } = app;
    root.append(
      el("div", { class: "helps", "data-testid": "help" }, PARTS.map((part) => el("details", { class: "branch" }, el("summary", {}, el("span", {}, t(`help.${part}`))), el("p", {}, t(`help.${part}_said`))))),
      card(t("help.call"), el("p", {}, t("help.call_said")), config.hotline ? el("div", { class: "acts" }, call(app, config.hotline, t("help.hotline"), "main")) : null),
    );
  },
};
