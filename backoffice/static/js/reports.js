// Call reports: a long count shows how far it is; the address stays short; files and paper.

import { announce, put, t } from "./lib.js";

const form = document.querySelector("form.asked");
form.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
for (const link of document.querySelectorAll("[data-export]")) {
  link.addEventListener("click", () => announce(t("report.making")));
}

/** The lines of an answer as they come. */
async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts;
  }
}

async function count(place) {
  const said = place.querySelector("[data-progress]");
  const bar = said.querySelector("progress");
  const answer = await fetch(place.dataset.counted, { headers: { Accept: "application/json" } });
  if (answer.status === 401) document.dispatchEvent(new CustomEvent("gridline:bye"));
  if (!answer.ok) throw new Error(String(answer.status));
  for await (const line of lines(answer)) {
    const told = JSON.parse(line);
    if (told.failed) throw new Error(told.failed);
    if (told.html !== undefined) {
      place.innerHTML = told.html;
      return;
    }
    put(said.firstChild, `${t("report.counting", { done: told.done, all: told.all })} `);
    bar.max = told.all;
    bar.value = told.done;
  }
  throw new Error();
}

const place = document.querySelector("[data-counted]");
if (place) {
  count(place).catch(() => {
    put(place.querySelector("[data-progress]"), t("report.failed"));
    place.querySelector(".counting").classList.add("wrong");
  });
}
