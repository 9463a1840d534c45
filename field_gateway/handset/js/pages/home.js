/** The first page: who is here, on duty or not, what waits. */
import { card } from "../ui.js";

export default {
  name: "home",
  icon: "home",
  title: "home.title",
  mount(root, app) {
    root.append(card(null, app.t("home.hello", { name: app.state.worker?.name ?? "" })));
  },
};
