/** Days and months to look back at. */
import { el, icon, ltr } from "./ui.js";

const two = (n) => String(n).padStart(2, "0");

const written = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** The day of a moment as YYYY-MM-DD: the site's, whatever zone the phone is set to. */
export function dayOf(app, moment = Date.now()) {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone: app.config.zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(moment));
  } catch {
    return written(new Date(moment)); // a zone this phone does not know
  }
}

/** Its month as YYYY-MM. */
export const monthOf = (app, moment) => dayOf(app, moment).slice(0, 7);

/** The day or month that many later. */
export function later(text, step) {
  const [year, month, day] = text.split("-").map(Number);
  return day ? written(new Date(year, month - 1, day + step)) : written(new Date(year, month - 1 + step, 1)).slice(0, 7);
}

/** A line to choose a day (or month) by: one back, the day itself, one on; never after today. `chosen(text)`. */
export function picker(app, text, chosen) {
  const { t } = app;
  const last = text.length === 7 ? monthOf(app) : dayOf(app);
  const step = (by, words, name, test) => el("button", { type: "button", class: "button", "aria-label": words, disabled: by > 0 && text >= last, "data-testid": test, on: { click: () => chosen(later(text, by)) } }, icon(name, "points"));
  const middle = text.length === 7 ? ltr(text, { class: "chosen", "data-testid": "chosen" })
    : el("input", { type: "date", value: text, max: last, dir: "ltr", "aria-label": t("days.day"), "data-testid": "chosen", on: { change: (event) => event.target.value && chosen(event.target.value > last ? last : event.target.value) } });
  return el("div", { class: "days" }, step(-1, t("days.before"), "back", "day-before"), middle, step(1, t("days.after"), "next", "day-after"));
}

/** Minutes as hours and minutes. */
export const lasting = (minutes) => ltr(`${Math.floor(minutes / 60)}:${two(minutes % 60)}`);
