/** messages: to come. */
import { empty } from "../ui.js";

export default {
  name: "messages",
  icon: "messages",
  title: "messages.title",
  mount(root, app) {
    root.append(empty("messages", app.t("messages.none")));
  },
};
