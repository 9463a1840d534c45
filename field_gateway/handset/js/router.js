/** The pages on the screen: the address's #/name?key=value says which; a page's own ears end with it. */
import { PAGES } from "./pages/index.js";
import { banner, busy, button, fill } from "./ui.js";

export class Router {
  #app;
  #root;
  #shown = null;
  #turn = 0;

  /** `root` is emptied for each page; `before(name)` may name another page to show instead. */
  constructor(app, root, before) {
    this.#app = app;
    this.#root = root;
    this.before = before;
    addEventListener("hashchange", () => this.show());
  }

  /** The page and its parameters that the address asks for. */
  static asked() {
    const [name, query = ""] = location.hash.startsWith("#/") ? location.hash.slice(2).split("?") : ["home"];
    return { name: name || "home", params: Object.fromEntries(new URLSearchParams(query)) };
  }

  /** Go to a page; where one is already, it is made anew. */
  go(name, params = {}, { instead = false } = {}) {
    const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== "")).toString();
    const hash = `#/${name}${query ? `?${query}` : ""}`;
    if (location.hash === hash) return this.show();
    if (!instead) {
      location.hash = hash;
      return undefined;
    }
    history.replaceState(null, "", hash);
    return this.show();
  }

  /** The name of the page on the screen. */
  get name() {
    return this.#shown?.page.name ?? "";
  }

  /** Show what the address asks for. */
  async show() {
    const turn = ++this.#turn;
    let { name, params } = Router.asked();
    const other = this.before(name);
    if (other && other !== name) [name, params] = [other, {}];
    const entry = PAGES.find((page) => page.name === name) ?? PAGES[0];
    const waiting = setTimeout(() => turn === this.#turn && fill(this.#root, busy()), 300);
    let page;
    try {
      page = (await entry.load()).default;
    } catch {
      // Not in the store of this phone and no network: possible only before the first load was whole.
      if (turn === this.#turn) fill(this.#root, banner("bad", this.#app.t("ui.page_missing"), button(this.#app.t("ui.again"), () => this.show())));
      return;
    } finally {
      clearTimeout(waiting);
    }
    if (turn !== this.#turn) return;
    this.leave();
    const left = new AbortController();
    const ends = [() => left.abort()];
    const app = Object.create(this.#app);
    app.left = left.signal;
    const address = location.hash;
    app.here = () => !left.signal.aborted && location.hash === address; // the next page may still be on its way
    app.on = (event, hear) => {
      const end = this.#app.on(event, hear);
      ends.push(end);
      return end;
    };
    // A page's app only stands before the real one, which alone has the ears.
    app.emit = (event, detail) => this.#app.emit(event, detail);
    app.everywhere = (event, detail) => this.#app.everywhere(event, detail);
    this.#shown = { page, ends, entry };
    // Each page has an element of its own: what one still draws once it is left is on no screen.
    const root = this.#root.cloneNode(false);
    root.dataset.page = page.name;
    this.#root.replaceWith(root);
    this.#root = root;
    this.#app.emit("page", { name: page.name, title: page.title, entry });
    scrollTo(0, 0);
    try {
      await page.mount(root, app, params);
    } catch (error) {
      console.error(error);
      fill(root, banner("bad", this.#app.t("ui.page_failed"), button(this.#app.t("ui.again"), () => this.show())));
    }
    root.dataset.ready = page.name;
  }

  /** Take the page off the screen. */
  leave() {
    if (!this.#shown) return;
    delete this.#root.dataset.ready;
    for (const end of this.#shown.ends) end();
    this.#shown.page.unmount?.();
    this.#shown = null;
  }
}

