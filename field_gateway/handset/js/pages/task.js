/** One task: what is to be done, where, until when; and the answer to it. */
import { when } from "../i18n.js";
import { whenSeen } from "../seen.js";
import { banner, button, card, chip, el, empty, fill, ltr } from "../ui.js";
import { standing } from "./tasks.js";

export default {
  name: "task",
  icon: "tasks",
  title: "task.title",
  async mount(root, app, { id }) {
    const { t } = app;
    const draw = async () => {
      const task = await app.db.get("tasks", id);
      if (!task || task.worker !== app.state.worker.id) return fill(root, empty("tasks", t("task.gone")));
      const stands = standing(task);
      const fact = (words, value) => (value ? [el("dt", {}, words), el("dd", {}, value)] : []);
      return fill(root,
        stands === "recalled" ? banner("warn", t("task.recalled_said")) : null,
        stands === "late" ? banner("bad", t("task.late_said")) : null,
        stands === "answered" ? banner("good", t("task.answered_said")) : null,
        card(null,
          el("div", { class: "who" }, ltr(task.case_no, { class: "quiet" }), chip("plain", t(`task.kind_${task.kind}`))),
          el("h2", { class: "title" }, task.title),
          el("p", { class: "said" }, task.text),
          el("dl", { class: "facts" },
            fact(t("task.address"), task.address), fact(t("task.cell"), task.cell && ltr(task.cell)), fact(t("task.note"), task.note),
            fact(t("task.due"), task.expires && ltr(when(task.expires))), fact(t("task.made"), task.made && ltr(when(task.made)))),
        ),
        ["open", "late"].includes(stands) ? button(t("task.answer"), () => app.go("report", { task: id }), { kind: "main big", name: "edit", test: "task-answer" }) : null,
        task.lon !== undefined && app.has("map") ? button(t("task.map"), () => app.go("map", { lon: task.lon, lat: task.lat }), { name: "map" }) : null,
        button(t("print.title"), () => app.go("print", { what: "task", id }), { name: "print", test: "task-print" }),
      );
    };
    app.on("tasks", draw);
    await draw();
    whenSeen(app, "tasks", () => app.inbox.shown("task", id));
  },
};
