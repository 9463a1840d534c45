/** tasks: to come. */
import { empty } from "../ui.js";

export default {
  name: "tasks",
  icon: "tasks",
  title: "tasks.title",
  mount(root, app) {
    root.append(empty("tasks", app.t("tasks.none")));
  },
};
