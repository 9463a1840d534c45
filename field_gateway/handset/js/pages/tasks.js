/** The tasks of who is logged in. */
import { when } from "../i18n.js";
import { chip, empty, fill, list, ltr, row } from "../ui.js";

const COLOURS = { open: "waiting", answered: "good", recalled: "plain", late: "bad" };

/** How a task stands: open, late, answered or recalled. */
export const standing = (task, now = Date.now()) => (task.state === "open" && task.expires && new Date(task.expires) < now ? "late" : task.state);

/** A task in a list. */
export function taskRow(app, task) {
  const stands = standing(task);
  return row({
    name: "tasks", colour: COLOURS[stands], title: task.title, test: `task-${task.case_no}`,
    under: [ltr(task.case_no), task.address].filter(Boolean),
    end: [chip(COLOURS[stands], app.t(stands === "open" ? `task.kind_${task.kind}` : `task.${stands}`)), task.expires && task.state === "open" ? ltr(when(task.expires)) : null].filter(Boolean),
    act: () => app.go("task", { id: task.task }),
  });
}

export default {
  name: "tasks",
  icon: "tasks",
  title: "tasks.title",
  async mount(root, app) {
    const draw = async () => fill(root, list(await app.inbox.tasks(), (task) => taskRow(app, task), empty("tasks", app.t(app.state.duty ? "tasks.none" : "tasks.none_off"))));
    app.on("tasks", draw);
    await draw();
  },
};
