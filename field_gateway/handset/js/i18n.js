/** The words: one flat table a language, filled in with values; what stands apart in a right-to-left line is kept apart. */
import { get, put } from "./db.js";

export const LANGUAGES = { zh: "中文", en: "English", ug: "ئۇيغۇرچە" };
const FILES = ["", "more."];
const LOCALES = { zh: "zh-CN", en: "en-GB", ug: "ug-CN" };
let words = {};
let language = "zh";

/** The language in use. */
export const current = () => language;

/** Take up a language: the one given, else the one chosen before, else the phone's. */
export async function learn(wanted) {
  const kept = wanted || (await get("meta", "language").catch(() => undefined));
  const phone = (navigator.languages || []).map((one) => one.slice(0, 2)).find((one) => one in LANGUAGES);
  language = kept in LANGUAGES ? kept : phone || "zh";
  const tables = await Promise.all(FILES.map((part) => fetch(`/words/${part}${language}.json`).then((r) => r.json())));
  words = Object.assign({}, ...tables);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ug" ? "rtl" : "ltr";
  if (wanted) await put("meta", language, "language");
}

/** Whether there are words for a key. */
export const has = (key) => key in words;

/** The words of a key, `{name}` replaced by values.name. A key without words shows itself. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!(name in values)) return whole;
    return language === "ug" ? `\u2068${values[name]}\u2069` : String(values[name]);
  });
}

// Uyghur dates: browsers differ in what they know, so numbers alone, in the order that is read anywhere.
const two = (n) => String(n).padStart(2, "0");

/** A moment (ms or RFC 3339) as the worker reads it: the time alone today, with the day else. */
export function when(moment, now = Date.now()) {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return at.getFullYear() === new Date(now).getFullYear() ? `${day} ${time}` : `${at.getFullYear()}-${day} ${time}`;
}

/** A number as the language writes it. */
export const number = (value, digits = 0) =>
  new Intl.NumberFormat(language === "ug" ? "en" : LOCALES[language], { maximumFractionDigits: digits }).format(value);

/** Bytes as people say them. */
export function bytes(count) {
  if (count < 1024 * 1024) return `${Math.max(1, Math.round(count / 1024))} KB`;
  return count < 1024 ** 3 ? `${(count / 1024 ** 2).toFixed(1)} MB` : `${(count / 1024 ** 3).toFixed(1)} GB`;
}
