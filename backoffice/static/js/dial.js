// Click to call: one click on the telephone beside any number rings one's own seat, then the number; how it ended is said.

import { announce, el, get, insist, post, t, uuid7 } from "./lib.js";
import { follow } from "./seatorders.js";

const LOOK_EVERY = 1000;
const LONGEST_CALL = 120;
let calling = "";

/** Ask why a number is called that is on the do-not-call list; null when one thinks better of it. */
function askReason(text) {
  return new Promise((done) => {
    const input = el("input", { maxlength: 200, required: true, dir: "auto", "data-testid": "dial-reason" });
    const leave = el("button", { type: "button", "data-testid": "dial-leave" }, t("outbound.leave"));
    const form = el("form", { method: "dialog" }, el("p", {}, text), el("label", {}, t("outbound.reason"), input),
      el("p", { class: "row end" }, leave, el("button", { class: "main", "data-testid": "dial-anyway" }, t("outbound.anyway"))));
    const dialog = el("dialog", { class: "dialwhy" }, form);
    let said = null;
    form.addEventListener("submit", () => { said = input.value.trim() || null; });
    leave.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dialog.remove(); done(said); });
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
}

/** Do what may take a reason: `attempt` is given {} first, {reason} when it was asked for. */
export async function reasoned(attempt) {
  try {
    return await attempt({});
  } catch (trouble) {
    if (trouble.code !== "give-reason") throw trouble;
    const reason = await askReason(trouble.message);
    if (reason === null) throw trouble;
    return attempt({ reason });
  }
}

const pause = (ms) => new Promise((go) => { setTimeout(go, ms); });

async function tellOutcome(order, number) {
  for (let n = 0; n < LONGEST_CALL; n += 1) {
    await pause(LOOK_EVERY);
    const { outcome, text } = await get(`/api/call/${order}`).catch(() => ({}));
    if (!outcome) continue;
    announce(`${number} ${text}`, outcome !== "answered");
    return;
  }
}

async function call(button) {
  if (calling) return;
  calling = uuid7();
  const { dial: number, case: about, contact } = button.dataset;
  button.setAttribute("aria-busy", "true");
  try {
    const order = await reasoned(async (more) => {
      const mine = more.reason ? uuid7() : calling;
      await insist(() => post("/api/call", { order: mine, number, case: about || null, contact: contact || null, ...more }));
      return mine;
    });
    announce(t("outbound.ringing", { number }));
    await follow(order);
    tellOutcome(order, number);
  } catch (trouble) {
    announce(trouble.message, true);
  } finally {
    calling = "";
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-dial]");
  if (button) call(button);
});
