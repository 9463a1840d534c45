// Canned replies in any field for text: "/code" and Tab puts one in; Alt+Q opens a list to find one by name or letters.

import { el, get, t } from "./lib.js";

const MOST = 12;
const language = () => document.documentElement.lang;
const CODE = /(^|[\s\p{P}\p{Script=Han}])\/([a-z0-9]{1,20})$/iu;
const takes = (node) => node?.matches?.("textarea:not([readonly]), input:not([type]):not([readonly]):not([data-search]):not([data-phrasesearch]):not([role=combobox]):not([list]), input[type=text]:not([readonly])");

let phrases = null;
let box = null;

/** The replies, asked for once a page, when first wanted. */
async function load() {
  phrases ??= await get("/api/phrases").catch(() => null);
  return phrases ?? [];
}

/** The reply of a code: in the page's language first, one's own first. */
export function byCode(list, code, lang) {
  const same = list.filter((one) => one.code === code.toLowerCase());
  return same.find((one) => one.language === lang) ?? same[0];
}

/** Those that what is typed finds, in the page's language first. */
export function find(list, typed, lang) {
  const words = typed.trim().toLowerCase();
  const letters = words.replaceAll(" ", "");
  const fits = (one) => !words || one.code.startsWith(words) || one.title.toLowerCase().includes(words)
    || one.text.toLowerCase().includes(words) || one.letters.some((way) => way.startsWith(letters));
  const found = list.filter(fits);
  return [...found.filter((one) => one.language === lang), ...found.filter((one) => one.language !== lang)].slice(0, MOST);
}

/** Put text where the cursor is, over `before` characters in front of it, as if it were typed. */
function insert(field, text, before = 0) {
  const end = field.selectionEnd ?? field.value.length;
  const begin = (before ? end : field.selectionStart ?? end) - before;
  const room = field.maxLength > 0 ? field.maxLength - (field.value.length - (end - begin)) : text.length;
  field.focus();
  field.setRangeText(text.slice(0, Math.max(room, 0)), begin, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}

async function expand(field, typed) {
  const reply = byCode(await load(), typed, language());
  const now = field.value.slice(0, field.selectionEnd);
  if (reply && now.toLowerCase().endsWith(`/${typed.toLowerCase()}`)) insert(field, reply.text, typed.length + 1);
}

async function open(field) {
  close();
  const list = await load();
  const search = el("input", { "data-phrasesearch": true, maxlength: 40, role: "combobox", "aria-expanded": "true", "aria-controls": "phrase-list", "aria-autocomplete": "list", "aria-label": t("phrase.find"), placeholder: t("phrase.find"), "data-testid": "phrase-search" });
  const options = el("ul", { role: "listbox", id: "phrase-list", "aria-label": t("phrase.title") });
  box = el("div", { class: "phrases", role: "dialog", "aria-label": t("phrase.title"), "data-testid": "phrase-picker" }, search, options);
  let found = [];
  let at = 0;
  const draw = () => {
    options.replaceChildren(...found.map((one, i) => el("li", { role: "option", id: `phrase-${i}`, "data-row": i, "aria-selected": String(i === at), "data-testid": "phrase-option", lang: one.language },
      el("kbd", {}, `/${one.code}`), el("bdi", {}, one.title), el("bdi", { class: "quiet" }, one.text))));
    if (!found.length) options.replaceChildren(el("li", { class: "empty", role: "option", "aria-disabled": "true", "aria-selected": "false" }, t(list.length ? "phrase.none_match" : "phrase.none")));
    if (found.length) search.setAttribute("aria-activedescendant", `phrase-${at}`);
    else search.removeAttribute("aria-activedescendant");
    options.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const begin = () => { found = find(list, search.value, language()); at = 0; draw(); };
  const take = (one) => { if (!one) return; close(); insert(field, one.text); };
  search.addEventListener("input", begin);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) at = (at + step + found.length) % found.length;
    else if (event.key === "Enter") take(found[at]);
    else if (event.key === "Escape" || event.key === "Tab") { close(); field.focus(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (box) draw();
  });
  options.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(found[Number(event.target.closest("[data-row]")?.dataset.row)]);
  });
  search.addEventListener("blur", close);
  (field.closest("label") ?? field).insertAdjacentElement("afterend", box);
  begin();
  search.focus();
}

function close() {
  const old = box;
  box = null;
  old?.remove();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !takes(event.target)) return;
  if (event.key === "Tab" && !event.shiftKey && !event.altKey && !event.ctrlKey) {
    const field = event.target;
    const typed = CODE.exec(field.value.slice(0, field.selectionEnd));
    // With nothing to put in, Tab goes on to the next field as ever.
    if (!typed || field.selectionStart !== field.selectionEnd || (phrases && !byCode(phrases, typed[2], language()))) return;
    event.preventDefault();
    expand(field, typed[2]);
  } else if (event.altKey && !event.ctrlKey && event.code === "KeyQ" && !event.getModifierState("AltGraph")) {
    event.preventDefault();
    open(event.target);
  }
});

// Known before the first is wanted, so that Tab need not wait.
document.addEventListener("focusin", (event) => { if (takes(event.target)) load(); }, { once: true });
