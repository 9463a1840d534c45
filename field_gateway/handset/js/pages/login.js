/** Who holds this phone now. */
import { languages } from "./more.js";
import { banner, button, card, el, field } from "../ui.js";

export default {
  name: "login",
  icon: "person",
  title: "login.title",
  mount(root, app) {
    const { t } = app;
    const login = el("input", { value: app.state.worker?.login ?? "", autocomplete: "username", autocapitalize: "none", spellcheck: "false", dir: "ltr", required: true, "data-testid": "login-user" });
    const password = el("input", { type: "password", autocomplete: "current-password", dir: "ltr", required: true, "data-testid": "login-password" });
    const said = el("div", {});
    const send = button(t("login.send"), () => undefined, { kind: "main", type: "submit", test: "login-send" });
    const form = el("form", { novalidate: true, on: { submit: async (event) => {
      event.preventDefault();
      if (!login.value.trim() || !password.value) {
        said.replaceChildren(banner("warn", t("login.both")));
        (login.value.trim() ? password : login).focus();
        return;
      }
      send.disabled = true;
      said.replaceChildren();
      try {
        await app.session.login(login.value.trim(), password.value);
        app.link.restart();
        app.go("home", {}, { instead: true });
      } catch (error) {
        if (error.name !== "ApiError") throw error;
        const words = error.status === 0 || error.status >= 500 ? "login.offline" : error.status === 429 ? "login.slower" : error.status === 403 ? "note.blocked" : "login.wrong";
        said.replaceChildren(banner("bad", t(words)));
        password.value = "";
      } finally {
        send.disabled = false;
      }
    } } }, field(t("login.user"), login), field(t("login.password"), password), send);
    root.append(
      el("p", {}, t("login.what", { device: app.state.device.name })),
      ...(app.state.waiting ? [banner("info", t("login.waiting", { n: app.state.waiting }))] : []),
      card(null, said, form), languages(app),
    );
  },
};
