/** What was reported from this phone, and what became of it. An example of a page until the outbox is here. */
import { card, chip, empty, list, ltr, row } from "../ui.js";

let off = null;

export default {
  name: "history",
  icon: "history",
  title: "history.title",
  async mount(root, app) {
    const draw = async () => {
      const reports = (await app.db.all("outbox")).filter((one) => one.type === "report");
      root.replaceChildren(list(reports, (one) => row({
        name: "report", title: one.text, under: ltr(one.made), end: chip("waiting", app.t("history.waiting")), act: () => app.go("history", { id: one.id }),
      }), card(null, empty("history", app.t("history.none")))));
    };
    off = app.on("outbox", draw);
    await draw();
  },
  unmount() {
    off?.();
  },
};
