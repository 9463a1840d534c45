/** Messages of the office and to it, newest first. */
import { when } from "../i18n.js";
import { whenSeen } from "../seen.js";
import { button, card, chip, el, empty, fill, list, ltr } from "../ui.js";

export default {
  name: "messages",
  icon: "messages",
  title: "messages.title",
  async mount(root, app) {
    const { t } = app;
    const text = el("textarea", { rows: "2", maxlength: "1000", "aria-label": t("messages.write"), placeholder: t("messages.write"), "data-testid": "message-text" });
    const said = el("div", { class: "talk" });
    const send = button(t("messages.send"), async () => {
      if (!text.value.trim()) return text.focus();
      await app.inbox.write(text.value.trim());
      text.value = "";
      return undefined;
    }, { kind: "main", name: "send", test: "message-send" });
    const standing = (one) => (one.failed ? chip("bad", t("history.failed")) : waiting.has(one.id) ? chip("waiting", t("history.waiting")) : chip("good", t("history.done")));
    let waiting = new Set();
    const draw = async () => {
      const messages = await app.inbox.messages();
      waiting = new Set((await app.outbox.waiting()).map((one) => one.id));
      fill(said, list(messages, (one) => el("article", { class: `message ${one.mine ? "mine" : ""} ${one.seen ? "" : "new"}`, "data-testid": "message" },
        el("div", { class: "who" }, el("strong", {}, one.mine ? t("messages.me") : one.from || t("messages.office")),
          el("span", {}, one.mine ? standing(one) : "", " ", ltr(when(one.at ?? one.got), { class: "quiet" }))),
        one.title ? el("h2", { class: "title" }, one.title) : null,
        el("p", { class: "said" }, one.text)), empty("messages", t(app.state.duty ? "messages.none" : "messages.elsewhere"))));
    };
    app.on("messages", draw);
    app.on("outbox", draw);
    fill(root, card(null, text, send), said);
    await draw();
    // The office is told of each, once.
    whenSeen(app, "messages", async () => {
      for (const one of await app.inbox.messages()) if (!one.shown && !one.mine) await app.inbox.shown("message", one.id);
    });
  },
};
