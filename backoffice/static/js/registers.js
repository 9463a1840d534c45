// A sheet for a register: checked by the server first, then put in as it was checked.

import { announce, ask, csrf, el, put, t, uuid7 } from "./lib.js";

const here = document.querySelector("[data-register]");

if (here) {
  const part = (name) => here.querySelector(`[data-${name}]`);
  let checked = null;

  const say = (text) => {
    put(part("trouble"), text);
    part("trouble").hidden = !text;
  };

  const forget = () => {
    checked = null;
    say("");
    part("result").hidden = true;
    part("act").hidden = true;
    part("check").disabled = !part("file").files.length;
  };

  const send = (what, words, body) => ask(`/registers/${here.dataset.register}/${what}?${new URLSearchParams(words)}`, {
    method: "POST", headers: { Accept: "application/json", "Content-Type": "text/csv", "X-CSRF": csrf() }, body,
  });

  /** What the sheet would do, in words: counts, the first keys of each, the faulty rows. */
  function show(found) {
    const chips = ["added", "changed", "removed"].map((name) => el("span", { class: "chip" + (name === "removed" && found.removed.count ? " bad" : ""),
      title: found[name].some.join(" · ") }, t(`register.would.${name}`, { count: found[name].count })));
    const same = el("span", { class: "chip" }, t("register.would.same", { count: found.same }));
    const wrong = found.faulty ? el("span", { class: "chip bad" }, t("register.would.faulty", { count: found.faulty })) : null;
    const faults = found.faults.map((one) => el("li", {}, t("register.line", { line: one.line }), " ",
      one.column ? el("bdi", {}, one.column) : "", one.column ? ": " : "", one.why));
    part("result").replaceChildren(el("p", { class: "did" }, ...chips, same, ...(wrong ? [wrong] : [])), ...(faults.length ? [el("ul", { class: "faulty" }, ...faults)] : []));
    part("result").hidden = false;
    part("act").hidden = false;
    part("leave-row").hidden = !found.faulty;
    part("leave").checked = false;
    part("import").disabled = found.faulty > 0;
  }

  forget(); // a file may have been chosen before this was here
  part("file").addEventListener("change", forget);
  part("way").addEventListener("change", forget);
  part("leave").addEventListener("change", () => { part("import").disabled = !part("leave").checked && checked.found.faulty > 0; });

  part("check").addEventListener("click", async () => {
    forget();
    const [file] = part("file").files;
    const way = part("way").value;
    try {
      const body = await file.arrayBuffer();
      const found = await send("check", { way }, body);
      checked = { body, way, file: file.name, found, order: uuid7() };
      show(found);
    } catch (error) { say(error.message); }
  });

  part("import").addEventListener("click", async () => {
    if (!checked) return;
    const { way, file, order, found, body } = checked;
    say("");
    part("import").disabled = true;
    try {
      const done = await send("import", { way, file, order, version: found.version, leave: part("leave").checked ? "yes" : "no" }, body);
      announce(t("register.done", { version: done.version }));
      location.reload();
    } catch (error) {
      say(error.message);
      part("import").disabled = false;
    }
  });
}
