/** What was reported from this phone, in the colours of what became of it. */
import { when } from "../i18n.js";
import { banner, button, chip, el, empty, fill, list, ltr, row } from "../ui.js";

export const COLOURS = { waiting: "waiting", media: "waiting", done: "good", failed: "bad", conflict: "bad" };
const ICONS = { waiting: "wait", media: "send", done: "check", failed: "alert", conflict: "alert" };

/** How far the photos of a report are, in percent; null when there are none left to send. */
export async function progress(app, report) {
  const media = (await Promise.all(report.media.map((id) => app.db.get("media", id)))).filter(Boolean);
  const size = media.reduce((sum, one) => sum + one.size, 0);
  return size ? Math.floor((100 * media.reduce((sum, one) => sum + Math.min(one.size, one.received), 0)) / size) : null;
}

export default {
  name: "history",
  icon: "history",
  title: "history.title",
  async mount(root, app, params) {
    const { t } = app;
    let filter = params.state ?? "";
    const draw = async () => {
      const reports = await app.outbox.reports(app.state.worker.id);
      const parts = new Map(await Promise.all(reports.filter((one) => one.state === "media").map(async (one) => [one.id, await progress(app, one)])));
      const is = { waiting: (one) => ["waiting", "media"].includes(one.state), failed: (one) => ["failed", "conflict"].includes(one.state) || one.flawed, done: (one) => one.state === "done" && !one.flawed };
      const shown = reports.filter((one) => !filter || is[filter](one));
      const choice = (name, kind) => el("button", {
        type: "button", class: `choice ${kind}`, "aria-pressed": String(filter === name), "data-testid": `filter-${name || "all"}`,
        on: { click: () => { filter = name; draw(); } },
      }, t(name ? `history.${name}` : "history.all"), " ", ltr(name ? reports.filter(is[name]).length : reports.length));
      fill(root,
        app.state.online || !app.state.waiting ? null : banner("info", t("history.offline")),
        el("div", { class: "choices tight" }, choice("", ""), choice("waiting", "waiting"), choice("failed", "bad"), choice("done", "good")),
        list(shown, (one) => row({
          name: one.flawed ? "alert" : ICONS[one.state], colour: one.flawed ? "bad" : COLOURS[one.state], title: one.said.text, test: `report-${one.state}`,
          under: [ltr(when(one.at)), one.receipt?.case_no ? ltr(one.receipt.case_no) : null, one.media.length ? t("history.attached", { n: one.said.media.filter((m) => m.kind !== "thumb").length }) : null].filter(Boolean),
          end: [one.flawed ? chip("bad", t("history.flawed")) : one.state === "done" && one.receipt?.code === "late" ? chip("waiting", t("history.late")) : chip(COLOURS[one.state], t(`history.${one.state}`)), parts.get(one.id) ? ltr(`${parts.get(one.id)}%`) : null].filter(Boolean),
          act: () => app.go("sent", { id: one.id }),
        }), empty("history", t(filter ? "history.none_such" : "history.none"), filter ? "" : button(t("home.report"), () => app.go("report"), { kind: "main", name: "report" }))),
      );
    };
    app.on("outbox", draw);
    await draw();
  },
};
