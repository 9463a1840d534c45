// Messages: whom to write to is found by typing; lists are walked by arrows; Ctrl+Enter sends.

import { el, get, t } from "./lib.js";
import { types } from "./shortcuts.js";

const chooser = document.querySelector("[data-receivers]");
if (chooser) choose(chooser);

function choose(root) {
  const field = root.querySelector("[data-search]");
  const list = root.querySelector("[data-found]");
  const chosen = root.querySelector("[data-chosen]");
  let found = [];
  let at = 0;
  let turn = 0;

  function draw() {
    list.replaceChildren(...found.map((row, i) => el("li", { role: "option", id: `receiver-${i}`, "data-row": i, "aria-selected": String(i === at), "data-testid": "receiver-option" }, el("bdi", {}, row.name), " ", el("span", { class: "quiet" }, row.more))));
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) field.setAttribute("aria-activedescendant", `receiver-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }

  async function search() {
    const mine = (turn += 1);
    const rows = await get(`/api/receivers?q=${encodeURIComponent(field.value)}`).catch(() => []);
    if (mine !== turn) return;
    found = rows.filter((row) => !chosen.querySelector(`input[value="${row.to}"]`));
    at = 0;
    draw();
  }

  function close() { turn += 1; found = []; draw(); }

  function take(row) {
    if (!row) return;
    chosen.append(el("span", { class: "chip" }, el("bdi", {}, row.name), el("input", { type: "hidden", name: "to", value: row.to }), el("button", { type: "button", "data-drop": true, "aria-label": t("message.drop", { name: row.name }) }, "×")));
    field.value = "";
    close();
    field.focus();
  }

  field.addEventListener("input", search);
  field.addEventListener("focus", search);
  field.addEventListener("blur", () => setTimeout(close, 200));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) at = (at + step + found.length) % found.length;
    else if (event.key === "Enter") take(found[at]);
    else if (event.key === "Escape" && found.length) close();
    else if (event.key === "Backspace" && !field.value) chosen.lastElementChild?.remove();
    else return;
    event.preventDefault();
    draw();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-row]");
    if (option) { event.preventDefault(); take(found[Number(option.dataset.row)]); }
  });
  chosen.addEventListener("click", (event) => event.target.closest("[data-drop]")?.parentElement.remove());
}

for (const form of document.querySelectorAll("form[data-writing]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(); }
  });
}

const box = document.querySelector("[data-box]");
const all = document.querySelector("[data-all]");
all?.addEventListener("change", () => {
  for (const tick of box.querySelectorAll("input[name=id]")) tick.checked = all.checked;
});

document.addEventListener("keydown", (event) => {
  if (!box || types(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...box.querySelectorAll("[data-open]")];
  const row = event.target.closest?.("[data-message]");
  const place = links.findIndex((link) => row?.contains(link));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    links[Math.min(Math.max(place + (event.key === "ArrowDown" ? 1 : -1), 0), links.length - 1)]?.focus();
  } else if (event.key === "Delete" && row) {
    for (const tick of box.querySelectorAll("input[name=id]")) tick.checked = row.contains(tick);
    box.querySelector("button[value=delete]").click();
  } else if (event.key === "n") document.querySelector("[data-new]")?.click();
  else if (event.key === "/") document.querySelector("[data-words]")?.focus();
  else return;
  event.preventDefault();
});
