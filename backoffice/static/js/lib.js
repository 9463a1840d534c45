// Small tools every page uses: words, times, elements, and asking the server.

const root = document.documentElement;
const words = window.gridlineWords || {};
const skew = Date.parse(root.dataset.now) - Date.now();
let correction = Number.isFinite(skew) ? skew : 0;

/** A message in the page's language with {name} filled in. */
export function t(key, values = {}) {
  let text = Object.hasOwn(words, key) ? words[key] : key;
  // A value keeps its own way of writing inside a sentence that runs the other way (Unicode UAX 9: FSI … PDI).
  const [left, right] = root.dir === "rtl" ? ["\u2068", "\u2069"] : ["", ""];
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, `${left}${value}${right}`);
  return text;
}

/** Milliseconds of the server's clock, as far as we know it. */
export const now = () => Date.now() + correction;

/** The server said what time it is. */
export function setClock(iso) {
  const at = Date.parse(iso);
  if (Number.isFinite(at) && Math.abs(at - now()) > 2000) correction = at - Date.now();
}

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Time since an ISO instant, as a clock; "" when there is none. */
export const since = (iso) => (iso ? clock((now() - Date.parse(iso)) / 1000) : "");

/** An element with attributes and children; text is always text. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Change text only when it differs, so that nothing flickers and screen readers stay quiet. */
export function put(node, text) {
  if (node && node.textContent !== String(text)) node.textContent = text;
}

/** What went wrong with a request: `code`, `text` for people, `field` or `fields` by name, `status` (0: no answer). */
export class Trouble extends Error {
  constructor(status, body) {
    super(body.text || t("error.no_answer"));
    Object.assign(this, { status, code: body.error || "", field: body.field || "", fields: body.fields || {} });
  }
  /** Whether the same request may succeed later. */
  get passing() { return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504; }
}

export async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", redirect: "error", ...options });
  } catch {
    throw new Trouble(0, {});
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.status === 401) {
    document.dispatchEvent(new CustomEvent("gridline:bye"));
  }
  if (!answer.ok) throw new Trouble(answer.status, body);
  return body;
}

export const get = (path) => ask(path, { headers: { Accept: "application/json" } });

export const csrf = () => document.querySelector("meta[name=csrf]").content;

/** POST JSON. */
export const post = (path, body = {}) => ask(path, {
  method: "POST",
  headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF": csrf() },
  body: JSON.stringify(body),
});

/** POST a form's fields. */
export const postForm = (path, fields) => ask(path, {
  method: "POST",
  headers: { Accept: "application/json", "X-CSRF": csrf() },
  body: new URLSearchParams(fields),
});

/** Try until it works or fails for good; `told` hears of each passing trouble. */
export async function insist(attempt, told = () => {}, pause = 2000) {
  for (;;) {
    try {
      return await attempt();
    } catch (trouble) {
      if (!(trouble instanceof Trouble) || !trouble.passing) throw trouble;
      told(trouble);
      await new Promise((go) => setTimeout(go, pause));
    }
  }
}

/** A new UUID version 7 (RFC 9562). */
export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const ms = BigInt(Date.now());
  for (let i = 0; i < 6; i += 1) bytes[i] = Number((ms >> BigInt(8 * (5 - i))) & 0xffn);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Say something at the top of the page for a while. */
export function announce(text, bad = false) {
  const banner = document.querySelector("[data-banner=said]");
  put(banner, text);
  banner.hidden = !text;
  banner.dataset.bad = String(bad);
  clearTimeout(announce.timer);
  if (text) announce.timer = setTimeout(() => { banner.hidden = true; }, 8000);
}
