/** report: to come. */
import { empty } from "../ui.js";

export default {
  name: "report",
  icon: "report",
  title: "report.title",
  mount(root, app) {
    root.append(empty("report", app.t("report.none")));
  },
};
