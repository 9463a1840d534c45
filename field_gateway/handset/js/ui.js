/** The parts that pages are made of. Text is always text, never markup. */
import { icon } from "./icons.js";
import { t } from "./i18n.js";

/**
 * An element. `attrs`: `class`, `text`, `data: {…}`, `on: {click: f}`, `value`, anything else an attribute
 * (true sets it empty, false, null and undefined leave it out). Children: nodes, strings, arrays, null.
 */
export function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") for (const [event, hear] of Object.entries(value)) node.addEventListener(event, hear);
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A number, time or code: read from left to right in any language. */
export const ltr = (text, attrs = {}) => el("bdi", { ...attrs, dir: "ltr", class: `ltr ${attrs.class || ""}` }, String(text));

/** A button with words, and an icon if one is named. `kind`: main, plain, danger. */
export function button(words, act, { kind = "plain", name = "", test = "", type = "button", ...rest } = {}) {
  return el("button", { type, class: `button ${kind}`, "data-testid": test || undefined, on: { click: act }, ...rest },
    name ? icon(name) : null, el("span", {}, words));
}

/** A labelled field around an input. `hint` stands below; `fault(text)` marks it wrong, "" clears. */
export function field(words, input, hint = "") {
  const fault = el("small", { class: "fault", role: "alert", hidden: true });
  const node = el("label", { class: "field" }, el("span", { class: "label" }, words), input, hint ? el("small", {}, hint) : null, fault);
  node.fault = (text) => {
    fault.textContent = text;
    fault.hidden = !text;
    input.setAttribute("aria-invalid", text ? "true" : "false");
    if (text) input.focus();
  };
  return node;
}

/** A list of rows, or what stands there when it is empty. `row(item)` gives a node. */
export function list(items, row, none = null, attrs = {}) {
  if (!items.length && none) return none;
  return el("ul", { class: "list", role: "list", ...attrs }, items.map((item) => el("li", {}, row(item))));
}

/** A row that leads somewhere: icon, two lines, something at the end. */
export function row({ name, title, under, end, act, test, colour = "", href }) {
  const inside = [
    name ? icon(name, `lead ${colour}`) : null,
    el("span", { class: "lines" }, el("span", { class: "first" }, title), under ? el("span", { class: "second" }, under) : null),
    end ? el("span", { class: "end" }, end) : null,
  ];
  if (href) return el("a", { class: "row", href, "data-testid": test }, inside);
  return act
    ? el("button", { type: "button", class: "row", "data-testid": test, on: { click: act } }, inside)
    : el("div", { class: "row", "data-testid": test }, inside);
}

/** Nothing here, and what to do about it. */
export const empty = (name, words, ...more) =>
  el("div", { class: "empty", "data-testid": "empty" }, icon(name, "big"), el("p", {}, words), ...more);

/** Something to know: kind info, good, warn or bad. `more`: buttons. */
export const banner = (kind, words, ...more) =>
  el("div", { class: `banner ${kind}`, role: kind === "bad" ? "alert" : "status" }, icon({ good: "check", bad: "alert", warn: "alert" }[kind] || "info"),
    el("div", { class: "said" }, el("p", {}, words), more.length ? el("div", { class: "acts" }, ...more) : null));

/** Something is under way. */
export const busy = (words = t("ui.busy")) => el("div", { class: "busy", role: "status" }, el("span", { class: "spin" }), el("span", {}, words));

/** A word in a colour: kind waiting, sending, good, bad, plain. */
export const chip = (kind, words, name = "") => el("span", { class: `chip ${kind}` }, name ? icon(name) : null, words);

/** A framed part of a page with a heading. */
export const card = (heading, ...children) =>
  el("section", { class: "card" }, heading ? el("h2", {}, heading) : null, ...children);

/** Say something for a few seconds at the foot of the screen. */
export function toast(words, kind = "info") {
  const box = document.querySelector(".toasts") ?? document.body.appendChild(el("div", { class: "toasts", role: "status", "aria-live": "polite" }));
  const node = el("p", { class: `toast ${kind}` }, words);
  box.replaceChildren(node); // one at a time: they must not cover what is to be pressed
  setTimeout(() => node.remove(), 5000);
}

/** Ask with buttons; resolves with the name of the one that was pressed, "" when it was left. `choices`: [name, words, kind]. */
export function ask(words, choices, more = "") {
  return new Promise((answer) => {
    const dialog = el("dialog", { class: "ask", "data-testid": "ask" },
      el("h2", {}, words), more ? el("p", {}, more) : null,
      el("div", { class: "acts" }, choices.map(([name, said, kind]) =>
        button(said, () => dialog.close(name), { kind: kind || "plain", test: `ask-${name}` }))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Put other children into a node. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export { icon };
