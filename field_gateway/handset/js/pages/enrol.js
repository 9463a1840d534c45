/** This phone becomes one of the site's: by the code of a QR or a link, once. */
import { languages } from "./more.js";
import { banner, button, card, el, field } from "../ui.js";

const WHY = { offline: "enrol.offline", timeout: "enrol.offline", "not-ours": "enrol.offline" };

export default {
  name: "enrol",
  icon: "key",
  title: "enrol.title",
  mount(root, app) {
    const { t } = app;
    const code = el("input", { value: app.code ?? "", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", dir: "ltr", required: true, "data-testid": "enrol-code" });
    const label = el("input", { value: "", maxlength: "60", autocomplete: "off", placeholder: t("enrol.label_hint"), "data-testid": "enrol-label" });
    const said = el("div", {});
    const codeField = field(t("enrol.code"), code, t("enrol.code_hint"));
    const send = button(t("enrol.send"), () => undefined, { kind: "main", type: "submit", name: "key", test: "enrol-send" });
    const form = el("form", { novalidate: true, on: { submit: async (event) => {
      event.preventDefault();
      codeField.fault(code.value.trim() ? "" : t("enrol.code_missing"));
      if (!code.value.trim()) return;
      send.disabled = true;
      said.replaceChildren();
      try {
        await app.session.enrol(code.value.trim(), label.value.trim());
        app.code = "";
        app.link.restart();
        app.go("login", {}, { instead: true });
      } catch (error) {
        if (error.name !== "ApiError") throw error;
        const words = WHY[error.code] ?? (error.status === 429 ? "enrol.slower" : error.status >= 500 ? "enrol.offline" : "enrol.refused");
        said.replaceChildren(banner("bad", t(words)));
      } finally {
        send.disabled = false;
      }
    } } }, codeField, field(t("enrol.label"), label), send);
    root.append(el("p", {}, t("enrol.what")), card(null, said, form), languages(app));
  },
};
