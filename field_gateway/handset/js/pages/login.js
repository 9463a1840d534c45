/** Who holds this phone now: login and password, and what the site asks beyond them. */
import { languages } from "./more.js";
import { banner, button, card, el, field } from "../ui.js";

/** What is asked for only when the server says so. */
const DUE = { "code-due": "code", "password-due": "new_password" };

/** The words for what went wrong. */
function trouble(error) {
  if (error.status === 0 || error.status >= 500) return "login.offline";
  if (error.status === 429) return "login.slower";
  if (error.code in DUE) return `login.${DUE[error.code]}_due`;
  if (error.code === "second-factor-due") return "login.second_due";
  if (["blocked", "worker-out"].includes(error.code)) return "note.blocked";
  if (error.code === "bad-credentials") return "login.unknown_phone";
  return error.status === 400 ? "login.weak" : "login.wrong";
}

export default {
  name: "login",
  icon: "person",
  title: "login.title",
  mount(root, app) {
    const { t } = app;
    const login = el("input", { value: app.state.worker?.login ?? "", autocomplete: "username", autocapitalize: "none", spellcheck: "false", dir: "ltr", required: true, "data-testid": "login-user" });
    const password = el("input", { type: "password", autocomplete: "current-password", dir: "ltr", required: true, "data-testid": "login-password" });
    const said = el("div", {});
    const code = el("input", { inputmode: "numeric", autocomplete: "one-time-code", dir: "ltr", maxlength: "20", "data-testid": "login-code" });
    const fresh = el("input", { type: "password", autocomplete: "new-password", dir: "ltr", "data-testid": "login-new" });
    const more = { code: field(t("login.code"), code), new_password: field(t("login.new_password"), fresh, t("login.new_hint")) };
    for (const one of Object.values(more)) one.hidden = true;
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
        await app.session.login(login.value.trim(), password.value, { code: code.value.trim(), new_password: fresh.value });
        app.link.restart();
        app.go("home", {}, { instead: true });
      } catch (error) {
        if (error.name !== "ApiError") throw error;
        const due = DUE[error.code];
        said.replaceChildren(banner(due ? "info" : "bad", t(trouble(error))));
        if (due) {
          more[due].hidden = false;
          more[due].querySelector("input").focus();
        } else if (error.status !== 400) {
          password.value = "";
        }
      } finally {
        send.disabled = false;
      }
    } } }, field(t("login.user"), login), field(t("login.password"), password), more.code, more.new_password, send);
    root.append(
      el("p", {}, t("login.what", { device: app.state.device.name })),
      ...(app.state.waiting ? [banner("info", t("login.waiting", { n: app.state.waiting }))] : []),
      card(null, said, form), languages(app),
    );
  },
};
