/** The work log of a day: on duty from when to when, tasks, reports; to be read, printed, taken along. */
import { when } from "../i18n.js";
import { Kept, asked } from "../kept.js";
import { csv, save } from "../saving.js";
import { banner, button, card, el, empty, icon, list, ltr } from "../ui.js";
import { dayOf, lasting, picker } from "../days.js";

const ICONS = { report: "report", task: "tasks", done: "check", on: "clock", off: "out" };

/** The lines of a log as a table: time, what, case, text. */
export const lines = (app, log) => log.entries.map((one) => [when(one.at, 0).slice(-5), app.t(`worklog.${one.what}`), one.case_no ?? "", one.text ?? ""]);

export default {
  name: "worklog",
  icon: "log",
  title: "worklog.title",
  async mount(root, app, { day = dayOf(app) }) {
    const log = new Kept(app, (told) => this.draw(app, told, day), { own: true, test: "worklog" });
    root.append(picker(app, day, (other) => app.go("worklog", { day: other }, { instead: true })), log.node);
    app.on("outbox", () => app.state.online && day === dayOf(app) && log.show(log.path));
    await log.show(asked("/worklog", { day }));
  },
  draw(app, told, day) {
    const { t } = app;
    const figure = (words, value) => el("div", { class: "figure" }, value, el("span", {}, words));
    return [
      el("div", { class: "figures" }, figure(t("worklog.duty"), lasting(told.minutes)), figure(t("worklog.reports"), ltr(told.reports)), figure(t("worklog.dones"), ltr(told.done))),
      app.state.waiting ? banner("info", t("worklog.waiting", { n: app.state.waiting })) : null,
      list(told.entries, (one) => el("div", { class: "row entry", "data-testid": "entry", "data-what": one.what },
        icon(ICONS[one.what] ?? "log", `lead ${one.what === "done" ? "good" : ""}`),
        el("span", { class: "lines" }, el("bdi", { class: "first" }, one.text || t(`worklog.${one.what}`)),
          el("span", { class: "second" }, one.text ? t(`worklog.${one.what}`) : null, one.case_no ? ltr(one.case_no) : null, one.photos ? t("worklog.photos", { n: one.photos }) : null)),
        ltr(when(one.at, 0).slice(-5), { class: "end" })), empty("log", t("worklog.none"))),
      told.more ? banner("info", t("worklog.more")) : null,
      told.entries.length ? card(null, el("div", { class: "acts two" },
        button(t("worklog.print"), () => app.go("print", { what: "worklog", day }), { name: "print", test: "worklog-print" }),
        button(t("worklog.csv"), () => save(`worklog-${day}.csv`, "text/csv", csv(lines(app, told))), { name: "log", test: "worklog-csv" }))) : null,
    ];
  },
};
