/** The same messages by HTTPS: one exchange a message, photos by tus, what comes down by a long poll. */
import { ApiError } from "./api.js";

const TUS = { "Tus-Resumable": "1.0.0" };

export class HttpWire {
  #app;
  #poll = null;

  constructor(app) {
    this.#app = app;
  }

  /** Send a message; resolves with its receipt, whatever it says. Raises ApiError when there was none. */
  async send(record, beside) {
    const headers = { "X-Gridline-Sent": beside.sent, "X-Gridline-Clock": beside.clock };
    if (beside.sig) headers["X-Gridline-Signature"] = beside.sig;
    try {
      return await this.#app.api.ask("POST", `/up/${record.type}`, record.body, { headers, timeout: 40_000 });
    } catch (error) {
      // 409, 422 and 413 are answers too: the body is the receipt.
      if (error instanceof ApiError && error.said?.status) return error.said;
      throw error;
    }
  }

  /**
   * Send the next piece of a medium; resolves with {id, status, media: [{id, received}]} as a receipt.
   * `size`: bytes of the piece. Raises ApiError.
   */
  async sendPiece(medium, size) {
    const { api } = this.#app;
    const url = `${api.base}/field/v1/media/${medium.id}`;
    if (!medium.created) {
      const metadata = Object.entries({ id: medium.id, sha256: medium.sha256, type: medium.type })
        .map(([name, value]) => `${name} ${btoa(value)}`).join(",");
      const made = await this.#ask("POST", `${api.base}/field/v1/media`, { "Upload-Length": String(medium.size), "Upload-Metadata": metadata });
      if (made.status !== 201 && made.status !== 200 && made.status !== 409) return this.#refused(medium, made);
      medium.created = true;
    }
    if (medium.received === 0 || medium.lost) {
      const head = await this.#ask("HEAD", url);
      if (!head.ok) return this.#refused(medium, head);
      medium.received = Number(head.headers.get("Upload-Offset"));
      medium.lost = false;
      if (medium.received >= medium.size) return this.#at(medium, medium.received);
    }
    const piece = new Uint8Array(await medium.blob.slice(medium.received, medium.received + size).arrayBuffer());
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", piece));
    const answer = await this.#ask("PATCH", url, {
      "Upload-Offset": String(medium.received), "Content-Type": "application/offset+octet-stream",
      "Upload-Checksum": `sha256 ${btoa(String.fromCharCode(...sum))}`,
    }, piece);
    if (answer.status === 204) return this.#at(medium, Number(answer.headers.get("Upload-Offset")));
    if (answer.status === 409 || answer.status === 460) {
      medium.lost = true;
      return null;
    }
    return this.#refused(medium, answer);
  }

  #at = (medium, received) => ({ id: medium.id, status: "kept", media: [{ id: medium.id, received }] });

  /** A refusal as a receipt; what is none of its own doing is raised. */
  async #refused(medium, answer) {
    const said = await answer.json().catch(() => ({}));
    const code = said.code ?? said.error ?? "";
    if (answer.status === 403) throw new ApiError("blocked", 403);
    if ([401, 429, 503].includes(answer.status)) throw new ApiError("later", answer.status, "", Number(answer.headers.get("Retry-After")) || 30);
    const isFinal = [400, 410, 413, 415, 422].includes(answer.status) && code;
    return { id: medium.id, status: "refused", code: isFinal ? code : "failed", reason: said.reason ?? said.text ?? "" };
  }

  async #ask(method, url, headers = {}, body = undefined) {
    try {
      return await fetch(url, {
        method, body, headers: this.#app.api.headers({ ...TUS, ...headers }), cache: "no-store", credentials: "omit",
        redirect: "error", signal: AbortSignal.timeout(60_000),
      });
    } catch (error) {
      throw new ApiError("offline", 0, error.message);
    }
  }

  /** What there is to do, and to read; answers at once the first time, then when it changes. Raises ApiError. */
  async down(etag, wait, status) {
    this.#poll?.abort();
    this.#poll = new AbortController();
    const headers = { "X-Gridline-Status": JSON.stringify(status) };
    if (etag) headers["If-None-Match"] = etag;
    return this.#app.api.get(`/down?wait=${wait}${etag ? `&etag=${encodeURIComponent(etag)}` : ""}`, { headers, timeout: (wait + 20) * 1000, signal: this.#poll.signal });
  }

  /** End a poll that is waiting. */
  stop() {
    this.#poll?.abort();
    this.#poll = null;
  }
}

