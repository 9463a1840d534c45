/** A form on paper: a blank record, one filled from a task or a report, or the log of a day. The browser prints it. */
import { when } from "../i18n.js";
import { asked, read, trouble } from "../kept.js";
import { banner, button, el, fill, list, ltr } from "../ui.js";
import { dayOf } from "../days.js";
import { lines } from "./worklog.js";

const BLANK = ["case_no", "place", "time", "found", "done", "photos", "worker", "witness"];
const TALL = ["found", "done"];

export default {
  name: "print",
  icon: "print",
  title: "print.title",
  async mount(root, app, { what = "blank", id = "", day = dayOf(app) }) {
    const { t } = app;
    const [tasks, reports] = await Promise.all([app.inbox.tasks(), app.outbox.reports(app.state.worker.id)]);
    const choices = [
      ["blank", "", t("print.blank")], ["worklog", dayOf(app), t("print.worklog")],
      ...tasks.map((one) => ["task", one.task, `${one.case_no} ${one.title}`]),
      ...reports.slice(0, 20).map((one) => ["report", one.id, `${when(one.at)} ${one.said.text.slice(0, 30)}`]),
    ];
    const now = what === "worklog" ? `worklog ${day}` : `${what} ${id}`;
    if (!choices.some(([kind, key]) => `${kind} ${key}` === now)) choices.push([what, what === "worklog" ? day : id, what === "worklog" ? `${t("print.worklog")} ${day}` : t("print.blank")]);
    const select = el("select", { "data-testid": "print-what", on: { change: () => {
      const [kind, key] = select.value.split(" ");
      app.go("print", { what: kind, ...(kind === "worklog" ? { day: key } : { id: key }) }, { instead: true });
    } } }, choices.map(([kind, key, words]) => el("option", { value: `${kind} ${key}`, selected: `${kind} ${key}` === now }, words)));
    const paper = el("article", { class: "paper", "data-testid": "paper" });
    root.append(el("div", { class: "unprinted kept" }, el("label", { class: "field" }, el("span", { class: "label" }, t("print.what")), select),
      button(t("print.print"), () => window.print(), { kind: "main", name: "print", test: "print" })), paper);
    if (what === "worklog") return this.log(app, paper, day);
    const task = tasks.find((one) => one.task === id);
    const report = reports.find((one) => one.id === id);
    const known = task ? { case_no: task.case_no, place: [task.address, task.cell].filter(Boolean).join(" · "), found: `${task.title}\n${task.text}` }
      : report ? { case_no: report.receipt?.case_no, place: report.said.place ? `${report.said.place.lon}, ${report.said.place.lat}` : "", time: when(report.at, 0), found: report.said.text, photos: report.media.length ? String(report.media.length) : "" } : {};
    return this.record(app, paper, known);
  },
  record(app, paper, known) {
    const { t, state, config } = app;
    fill(paper, el("h2", {}, el("bdi", {}, config.site ?? "Gridline"), " · ", t("print.record")),
      el("table", {}, el("tbody", {}, BLANK.map((field) => el("tr", { class: TALL.includes(field) ? "tall" : "" }, el("th", { scope: "row" }, t(`print.${field}`)), el("td", { dir: "auto" }, known[field] ?? (field === "worker" && Object.keys(known).length ? state.worker.name : "")))))),
      el("p", { class: "quiet" }, t("print.printed"), " ", ltr(when(Date.now(), 0)), " · ", ltr(state.device.name)));
  },
  async log(app, paper, day) {
    const { t, state, config } = app;
    try {
      const { value } = await read(app, asked("/worklog", { day }), { own: true });
      fill(paper, el("h2", {}, el("bdi", {}, config.site ?? "Gridline"), " · ", t("worklog.title")), el("p", {}, el("bdi", {}, state.worker.name), " · ", ltr(day)),
        value.on_duty.length ? el("p", {}, t("worklog.duty"), ": ", list(value.on_duty, (one) => ltr(`${when(one.since, 0).slice(-5)} – ${one.until ? when(one.until, 0).slice(-5) : ""}`), null, { class: "inline" })) : null,
        el("table", {}, el("thead", {}, el("tr", {}, ["time", "what_done", "case_no", "found"].map((head) => el("th", { scope: "col" }, t(`print.${head}`))))),
          el("tbody", {}, lines(app, value).map((line) => el("tr", {}, line.map((text, i) => el("td", { dir: i % 2 ? "auto" : "ltr" }, text)))))),
        el("p", { class: "quiet" }, t("print.signature"), " ____________________"));
    } catch (error) {
      fill(paper, banner("warn", trouble(app, error)));
    }
  },
};
