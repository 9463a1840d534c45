// Files of a case: picked or dropped, sent one after the other with what is done of each, and again when the line was lost.

import { announce, csrf, el, t, uuid7 } from "./lib.js";

export class CaseFiles {
  #waiting = [];
  #sending = null;

  /** `root` holds the page's part of the case; `told` is called when a file has come. */
  constructor(root, told) {
    this.root = root;
    this.told = told;
    root.addEventListener("change", (event) => {
      const pick = event.target.closest("[data-pick]");
      if (!pick) return;
      this.add(pick.closest("[data-drop]"), pick.files);
      pick.value = "";
    });
    for (const name of ["dragover", "dragleave", "drop"]) root.addEventListener(name, (event) => this.#drag(event));
  }

  /** Whether something is on its way. */
  get busy() { return this.#sending !== null || this.#waiting.length > 0; }

  add(place, files) {
    for (const file of files) this.#waiting.push({ file, order: uuid7(), path: place.dataset.drop, most: Number(place.dataset.most) });
    this.#next();
  }

  #drag(event) {
    const place = event.target.closest("[data-drop]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") this.add(place, event.dataTransfer.files);
  }

  async #next() {
    if (this.#sending || !this.#waiting.length) return;
    this.#sending = this.#waiting.shift();
    const line = this.#line(this.#sending);
    try {
      if (this.#sending.file.size > this.#sending.most) throw new Error(t("files.too_large", { most: Math.floor(this.#sending.most / 1048576) }));
      await this.#send(this.#sending, line);
      line.remove();
      announce(t("files.added", { name: this.#sending.file.name }));
      this.told();
    } catch (trouble) {
      line.dataset.state = "failed";
      line.querySelector("[data-said]").textContent = trouble.message;
      const again = el("button", { type: "button" }, t("files.again"));
      const one = this.#sending;
      again.addEventListener("click", () => { line.remove(); this.#waiting.push(one); this.#next(); });
      const drop = el("button", { type: "button" }, t("files.forget"));
      drop.addEventListener("click", () => line.remove());
      line.append(again, drop);
    }
    this.#sending = null;
    this.#next();
  }

  #line({ file }) {
    const line = el("p", { "data-file": file.name }, el("bdi", {}, file.name), " ", el("progress", { max: "1", value: "0", "aria-label": t("files.sending") }), " ", el("span", { "data-said": true }));
    this.root.querySelector("[data-sending]")?.append(line);
    return line;
  }

  // XMLHttpRequest, because fetch does not tell how much has gone.
  #send({ file, order, path }, line) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      const words = new URLSearchParams({ order, name: file.name });
      request.open("POST", `${path}?${words}`);
      for (const [name, value] of Object.entries({ Accept: "application/json", "Content-Type": "application/octet-stream", "X-CSRF": csrf() })) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) line.querySelector("progress").value = event.loaded / event.total; });
      request.addEventListener("load", () => {
        if (request.status < 300) { done(); return; }
        let text = "";
        try { text = JSON.parse(request.responseText).text; } catch { /* said below */ }
        failed(new Error(text || t("error.no_answer")));
      });
      request.addEventListener("error", () => failed(new Error(t("error.no_answer"))));
      request.send(file);
    });
  }
}
