/** The first page: on duty or not, what waits, what is to be done. */
import { when } from "../i18n.js";
import { banner, button, card, chip, el, fill, list, ltr, row } from "../ui.js";
import { taskRow } from "./tasks.js";

export default {
  name: "home",
  icon: "home",
  title: "home.title",
  async mount(root, app) {
    const { t } = app;
    const draw = async () => {
      const { state } = app;
      const [tasks, duty, reports] = await Promise.all([app.inbox.tasks(), app.db.get("meta", "duty"), app.outbox.reports(state.worker.id)]);
      const open = tasks.filter((one) => one.state === "open");
      const today = reports.filter((one) => new Date(one.at).toDateString() === new Date().toDateString());
      const clock = button(t(state.duty ? "duty.off" : "duty.on"), async (event) => {
        event.currentTarget.disabled = true;
        await app.session.clock(!state.duty);
        await draw();
      }, { kind: state.duty ? "plain" : "main", name: "clock", test: "duty" });
      fill(root,
        el("section", { class: `card duty ${state.duty ? "on" : "off"}`, "data-testid": "duty-card", data: { on: String(state.duty) } },
          el("div", { class: "who" }, el("strong", {}, state.worker.name),
            chip(state.duty ? "good" : "plain", t(state.duty ? "duty.is_on" : "duty.is_off"), state.duty ? "check" : "")),
          state.duty && duty?.since ? el("p", { class: "quiet" }, t("duty.since"), " ", ltr(when(duty.since))) : el("p", { class: "quiet" }, t("duty.what")),
          clock),
        state.waiting && !state.online ? banner("warn", t("home.waiting", { n: state.waiting })) : null,
        el("div", { class: "figures" },
          ...[["home.today", today.length, "history"], ["home.open", open.length, "tasks"], ["home.unseen", state.unseen, "messages"]].map(([words, n, page]) =>
            el("a", { class: "figure", href: `#/${page}` }, ltr(n), el("span", {}, t(words))))),
        button(t("home.report"), () => app.go("report"), { kind: "main big", name: "report", test: "home-report" }),
        open.length ? card(t("home.tasks"), list(open.slice(0, 3), (task) => taskRow(app, task), null, { class: "list flat" })) : null,
        list([["history", "history.title", "history"]], ([name, words, page]) => row({ name, title: t(words), act: () => app.go(page), test: `home-${page}` })),
      );
    };
    for (const event of ["state", "tasks", "outbox"]) app.on(event, () => draw());
    await draw();
  },
};
