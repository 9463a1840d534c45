/** The own figures of a month, each with what it is of, and pictures by day and by kind. Nobody else's. */
import { current, number } from "../i18n.js";
import { columns } from "../charts.js";
import { Kept, asked } from "../kept.js";
import { card, el, empty, list, ltr } from "../ui.js";
import { lasting, monthOf, picker } from "../days.js";

const OF = [["tasks_done", "tasks"], ["handled_in_time", "handled"], ["failed", "checked"]];

export default {
  name: "statistics",
  icon: "chart",
  title: "statistics.title",
  async mount(root, app, { month = monthOf(app) }) {
    const figures = new Kept(app, (told) => this.draw(app, told), { own: true, test: "statistics" });
    root.append(picker(app, month, (other) => app.go("statistics", { month: other }, { instead: true })), figures.node);
    await figures.show(asked("/statistics", { period: month }));
  },
  draw(app, told) {
    const { t } = app;
    const { counts, days, kinds } = told;
    const figure = (words, value) => el("div", { class: "figure" }, value, el("span", {}, words));
    const label = (day) => String(Number(day.day.slice(8)));
    const total = kinds.reduce((sum, kind) => sum + kind.count, 0);
    return [
      el("div", { class: "figures" }, figure(t("statistics.reports"), ltr(counts.reports)), figure(t("statistics.done"), ltr(counts.tasks_done)), figure(t("statistics.duty"), lasting(told.minutes))),
      told.out_of ? card(t("statistics.score"), el("ul", { class: "bars", role: "list" }, this.bar(app, told.grade[current()] ?? told.grade.zh ?? "", told.points, told.out_of))) : null,
      card(t("statistics.shares"), el("ul", { class: "bars", role: "list" }, OF.map(([part, of]) => this.bar(app, t(`statistics.${part}`), counts[part], counts[of])))),
      card(t("statistics.by_day"),
        columns(days.map((day) => ({ label: label(day), values: [day.reports ?? 0, day.done ?? 0] })), t("statistics.by_day_said", { reports: counts.reports, done: days.reduce((sum, day) => sum + (day.done ?? 0), 0) })),
        el("p", { class: "legend" }, el("span", { class: "swatch s0" }), t("statistics.reports"), el("span", { class: "swatch s1" }), t("statistics.done"))),
      card(t("statistics.hours"), columns(days.map((day) => ({ label: label(day), values: [Math.round((day.minutes ?? 0) / 6) / 10] })), t("statistics.hours_said", { hours: number(told.minutes / 60, 1) }))),
      card(t("statistics.kinds"), list(kinds, (kind) => this.bar(app, kind.names[current()] ?? kind.names.zh ?? (kind.category ? ltr(kind.category) : t("statistics.no_kind")), kind.count, total, "div"), empty("chart", t("statistics.none")), { class: "bars" })),
      el("p", { class: "quiet" }, t("statistics.about")),
    ];
  },
  /** So many of so many, in figures and as a bar. */
  bar(app, words, part, of, tag = "li") {
    return el(tag, { class: "share" }, el("bdi", {}, words), ltr(of ? `${part} / ${of} · ${Math.round((100 * part) / of)}%` : "–"), el("meter", { min: "0", max: String(of || 1), value: String(part), "aria-label": String(words.textContent ?? words) }));
  },
};
