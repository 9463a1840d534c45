// The supervision desk by keyboard: up and down through the cases, Space chooses, "u" urges, "s" opens a supervision order.

import { types } from "./shortcuts.js";

const form = document.querySelector("[data-late]");
const all = document.querySelector("[data-all]");
const ticks = () => [...form.querySelectorAll("input[name=id]")];

all?.addEventListener("change", () => { for (const tick of ticks()) tick.checked = all.checked; });

document.addEventListener("keydown", (event) => {
  if (!form || types(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...form.querySelectorAll("[data-open]")];
  const row = event.target.closest?.("[data-row]");
  const place = links.findIndex((link) => row?.contains(link));
  const tick = row?.querySelector("input[name=id]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    links[Math.min(Math.max(place + (event.key === "ArrowDown" ? 1 : -1), 0), links.length - 1)]?.focus();
  } else if (event.key === " " && tick && event.target !== tick) tick.checked = !tick.checked;
  else if (event.key === "u" && form.querySelector("[data-urge]")) {
    if (tick && !ticks().some((one) => one.checked)) tick.checked = true;
    if (ticks().some((one) => one.checked)) form.requestSubmit();
  } else if (event.key === "s" && row) row.querySelector("[data-open]").click();
  else return;
  event.preventDefault();
});
