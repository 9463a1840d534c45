/** The gateway's HTTP: JSON in and out, with the device's name and secret and the worker's token. */

/** What the server would not do. `code`: its own, or "offline", "timeout"; `status`: of HTTP, 0 without an answer. */
export class ApiError extends Error {
  constructor(code, status, text = "", wait = 0) {
    super(text || code);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    /** Seconds after which the server wants to be asked again, 0 unless it said. */
    this.retryAfter = wait;
  }
}

export class Api {
  #who;

  /** `who()` gives {device, secret, token, base, expired: what to do when the log-in has ended}. */
  constructor(who) {
    this.#who = who;
  }

  get base() {
    return this.#who().base || "";
  }

  /** Headers that say which device this is, and who is logged in. */
  headers(more = {}) {
    const { device, secret, token } = this.#who();
    const sent = { ...more };
    if (device && secret) sent.Authorization = `Basic ${btoa(`${device}:${secret}`)}`;
    if (token) sent["X-Gridline-Login"] = token;
    return sent;
  }

  get(path, options = {}) {
    return this.ask("GET", path, undefined, options);
  }

  post(path, body, options = {}) {
    return this.ask("POST", path, body, options);
  }

  /** One exchange; resolves with the JSON. Raises ApiError. `path` is below /field/v1 unless it begins with it. */
  async ask(method, path, body, { headers = {}, timeout = 30_000, signal } = {}) {
    const url = `${this.base}${path.startsWith("/field/") ? path : `/field/v1${path}`}`;
    const limit = AbortSignal.timeout(timeout);
    let answer;
    try {
      answer = await fetch(url, {
        method,
        headers: this.headers({ ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers }),
        body: body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
      });
    } catch (error) {
      throw new ApiError(limit.aborted ? "timeout" : "offline", 0, error.message);
    }
    let said = null;
    try {
      said = answer.status === 204 ? {} : await answer.json();
    } catch {
      // A captive portal answers 200 with its own page: that is no answer of ours.
      throw new ApiError("not-ours", 0);
    }
    if (said.error === "login-expired") this.#who().expired?.();
    if (!answer.ok) throw Object.assign(new ApiError(said.error || said.code || "failed", answer.status, said.text || said.reason, Number(answer.headers.get("Retry-After")) || 0), { said });
    return Object.assign(said, { [STATUS]: answer.status });
  }
}

/** Where an answer holds its HTTP status, out of the way of its fields. */
export const STATUS = Symbol("status");
