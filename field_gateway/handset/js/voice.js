/** A voice note: recorded small, two minutes at most. */
import { medium } from "./photos.js";

export const LONGEST_MS = 120_000;
const WAYS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export class Voice {
  #recorder = null;
  #pieces = [];
  #stream = null;
  #timer = null;

  /** Begin. Raises Error with `code` "refused", "missing" or "busy". */
  async start(onEnd) {
    const way = globalThis.MediaRecorder && WAYS.find((one) => MediaRecorder.isTypeSupported(one));
    if (!way || !navigator.mediaDevices) throw Object.assign(new Error("no recorder"), { code: "missing" });
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
    } catch (error) {
      const code = { NotAllowedError: "refused", NotFoundError: "missing" }[error.name] ?? "busy";
      throw Object.assign(new Error(error.message), { code });
    }
    this.#pieces = [];
    this.#recorder = new MediaRecorder(this.#stream, { mimeType: way, audioBitsPerSecond: 16_000 });
    this.#recorder.ondataavailable = ({ data }) => data.size && this.#pieces.push(data);
    this.#recorder.start(1_000);
    this.#timer = setTimeout(onEnd, LONGEST_MS);
  }

  get isOn() {
    return this.#recorder?.state === "recording";
  }

  /** End; resolves with the note as a medium, or null if nothing was said. */
  async stop() {
    clearTimeout(this.#timer);
    const recorder = this.#recorder;
    if (!recorder) return null;
    this.#recorder = null;
    await new Promise((done) => {
      recorder.onstop = done;
      if (recorder.state === "inactive") done();
      else recorder.stop();
    });
    for (const track of this.#stream.getTracks()) track.stop();
    const blob = new Blob(this.#pieces, { type: recorder.mimeType });
    return blob.size ? medium(blob, "voice") : null;
  }
}
