// Cards of the book of voice menus that are no menus: what is announced, and what is asked after the call.

import { el, t } from "./lib.js";

/** The announcement of the day. */
export function todayCard(book) {
  const { today } = book.body;
  const on = el("input", { type: "checkbox", checked: Boolean(today), "data-at": "today.on", "data-testid": "voice-today" });
  on.addEventListener("change", () => book.change((body) => {
    if (on.checked) body.today = { say: Object.fromEntries(book.languages.map((code) => [code, ""])), from: book.day, until: book.day };
    else delete body.today;
  }));
  const date = (name) => {
    const input = el("input", { type: "date", value: today[name], "data-at": `today.${name}`, "data-testid": `voice-${name}` });
    input.addEventListener("change", () => book.reword((body) => { body.today[name] = input.value; }));
    return el("label", {}, t(`voice.${name}`), input, book.wrong(`today.${name}`));
  };
  const parts = today ? [book.saidIn("today.say", today.say, (body, code, text) => { body.today.say[code] = text; }, t("voice.says")),
    el("p", { class: "row" }, date("from"), date("until"))] : [];
  return el("section", { class: "card voicemenu", "data-testid": "voice-announcement" },
    el("label", { class: "tick" }, on, el("strong", {}, t("voice.today"))), el("p", { class: "quiet" }, t("voice.today_about")), ...parts, book.wrong("today"));
}

/** What is asked after the call. */
export function ratingCard(book) {
  const { rating } = book.body;
  const on = el("input", { type: "checkbox", checked: Boolean(rating), "data-at": "rating.on", "data-testid": "voice-rating" });
  on.addEventListener("change", () => book.change((body) => {
    if (on.checked) body.rating = { say: JSON.parse(JSON.stringify(book.rating)) };
    else delete body.rating;
  }));
  const parts = rating ? [book.saidIn("rating.say", rating.say, (body, code, text) => { body.rating.say[code] = text; }, t("voice.says"))] : [];
  return el("section", { class: "card voicemenu", "data-testid": "voice-rates" },
    el("label", { class: "tick" }, on, el("strong", {}, t("voice.rating"))), el("p", { class: "quiet" }, t("voice.rating_about")), ...parts, book.wrong("rating"));
}
