/** One report: what it says, what became of it, what the worker can do. */
import { bytes, when } from "../i18n.js";
import { ask, banner, button, card, chip, el, empty, fill, icon, ltr } from "../ui.js";
import { COLOURS } from "./history.js";

/** What a refusal means for the worker, in words of theirs; the server's own reason stands below. */
const WHY = ["bad-signature", "not-yours", "unknown-task", "unknown-case", "bad-field", "too-long", "id-taken", "id-reused", "edit-conflict"];
/** Codes of a receipt for a check that is kept and moved nothing. */
export const MOVED_NOTHING = ["late", "unsaid"];

export default {
  name: "sent",
  icon: "report",
  title: "sent.title",
  urls: [],
  async mount(root, app, { id }) {
    const { t } = app;
    const draw = async () => {
      this.unmount();
      const one = (await app.outbox.reports(app.state.worker.id)).find((report) => report.id === id);
      if (!one) return fill(root, empty("history", t("sent.gone")));
      const media = (await Promise.all(one.media.map((each) => app.db.get("media", each)))).filter(Boolean);
      const code = one.receipt?.code;
      const bad = ["failed", "conflict"].includes(one.state);
      return fill(root,
        bad ? banner("bad", t(WHY.includes(code) ? `why.${code}` : "why.other"), ...(one.receipt?.reason && !WHY.includes(code) ? [el("small", {}, el("bdi", {}, one.receipt.reason))] : [])) : null,
        one.state === "waiting" ? banner("warn", t(app.state.online ? "sent.going" : "sent.waiting")) : null,
        one.state === "done" && !one.receipt?.case_no ? banner("info", t("sent.no_case")) : null,
        MOVED_NOTHING.includes(code) && !bad ? banner("warn", t(`sent.${code}`)) : null,
        one.state === "media" ? banner("info", t("sent.media")) : null,
        card(null,
          el("div", { class: "who" }, ltr(when(one.at), { class: "quiet" }), chip(COLOURS[one.state], t(`history.${one.state}`))),
          typeof one.said.passed === "boolean" ? chip(one.said.passed ? "good" : "bad", t(`report.passed_${one.said.passed ? "yes" : "no"}`)) : null,
          el("p", { class: "said" }, one.said.text),
          media.length ? el("div", { class: "shots" }, media.filter((each) => each.kind !== "thumb").map((each) => this.shot(app, each, media))) : null,
          el("dl", { class: "facts" },
            one.receipt?.case_no ? [el("dt", {}, t("sent.case")), el("dd", {}, ltr(one.receipt.case_no, { "data-testid": "sent-case" }))] : [],
            one.said.place ? [el("dt", {}, t("report.place")), el("dd", {}, ltr(`${one.said.place.lon}, ${one.said.place.lat}`), " · ", t(`report.by_${one.said.place.source ?? "gps"}`))] : [],
            [el("dt", {}, t("sent.version")), el("dd", {}, ltr(one.receipt?.version && one.state !== "conflict" ? one.receipt.version : one.base + 1))],
          )),
        button(t(bad ? "sent.mend" : "sent.edit"), () => app.go("report", { edit: id }), { kind: bad ? "main" : "plain", name: "edit", test: "sent-edit" }),
        bad ? button(t("sent.drop"), async () => {
          if (await ask(t("sent.drop_ask"), [["yes", t("sent.drop"), "danger"], ["", t("ui.cancel")]]) !== "yes") return;
          await app.outbox.drop(id);
          app.go("history");
        }, { kind: "danger", name: "trash", test: "sent-drop" }) : null,
      );
    };
    app.on("outbox", draw);
    await draw();
  },
  shot(app, one, media) {
    const small = media.find((each) => each.of === one.id) ?? one;
    const state = one.state === "failed" ? chip("bad", one.reason || app.t("history.failed"))
      : one.received >= one.size ? chip("good", app.t("history.done")) : chip("waiting", `${Math.floor((100 * one.received) / one.size)}%`);
    if (one.kind === "voice") {
      return el("figure", { class: "shot" }, one.blob ? el("audio", { controls: true, src: this.url(one.blob), "aria-label": app.t("report.voice") }) : icon("mic", "big"), el("figcaption", {}, ltr(bytes(one.size)), " ", state));
    }
    return el("figure", { class: "shot" }, small.blob ? el("img", { src: this.url(small.blob), alt: app.t("report.photo") }) : icon("photo", "big"), el("figcaption", {}, ltr(bytes(one.size)), " ", state));
  },
  url(blob) {
    const url = URL.createObjectURL(blob);
    this.urls.push(url);
    return url;
  },
  unmount() {
    for (const url of this.urls.splice(0)) URL.revokeObjectURL(url);
  },
};
