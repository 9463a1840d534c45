/** The viewfinder: a live picture with a shutter. What it gives is a file, as the phone's own camera would. */
import { button, el, fill } from "./ui.js";

/** Pixels across that are asked for: more than a scaled photo has, or all there are. */
const ACROSS = { scaled: 1920, whole: 4096 };
const FACING = { environment: "user", user: "environment" };

export class Finder {
  #stream = null;
  #facing = "environment";
  #picture = el("video", { autoplay: true, playsinline: true, "data-testid": "finder-picture" });
  #app;
  #taken;
  #failed;
  #whole;
  #hidden = () => document.hidden && this.close();

  /** `taken(file)` is told of each picture, `failed(code)` of trouble, `whole()` says whether it is to have the camera's own size. */
  constructor(app, { taken, failed, whole }) {
    this.#app = app;
    this.#taken = taken;
    this.#failed = failed;
    this.#whole = whole;
    this.#picture.muted = true;
    this.node = el("div", { class: "finder", "data-testid": "finder", hidden: true });
  }

  /** Whether this browser gives pages a live picture. */
  static get isThere() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get isOn() {
    return Boolean(this.#stream);
  }

  /** Show what the camera sees. Raises Error with `code` "refused", "missing" or "busy". */
  async open() {
    const { t } = this.#app;
    await this.#look({ facingMode: { ideal: this.#facing } });
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    const shutter = button(t("report.shutter"), async () => {
      shutter.disabled = true;
      try {
        await this.#taken(await this.#shoot());
      } catch {
        this.#failed("busy");
      } finally {
        shutter.disabled = false;
      }
    }, { kind: "main", name: "camera", test: "finder-shutter" });
    const turn = async () => {
      try {
        await this.#turn(cameras);
      } catch (error) {
        this.close();
        this.#failed(error.code ?? "busy");
      }
    };
    fill(this.node, this.#picture, el("div", { class: "acts two" },
      shutter,
      cameras.length > 1 ? button(t("report.cam_turn"), turn, { name: "track", test: "finder-turn" }) : null,
      button(t("report.cam_close"), () => this.close(), { name: "stop", test: "finder-close" })));
    this.node.hidden = false;
    // Nobody looks at it: the light of the camera goes out.
    document.addEventListener("visibilitychange", this.#hidden);
    shutter.focus();
  }

  close() {
    document.removeEventListener("visibilitychange", this.#hidden);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = this.#picture.srcObject = null;
    this.node.hidden = true;
  }

  /** The other side; where the phone does not say which is which, the next camera. */
  async #turn(cameras) {
    const before = this.#stream.getVideoTracks()[0].getSettings().deviceId;
    this.#facing = FACING[this.#facing];
    await this.#look({ facingMode: { ideal: this.#facing } });
    if (this.#stream.getVideoTracks()[0].getSettings().deviceId !== before) return;
    const next = cameras[(cameras.findIndex((one) => one.deviceId === before) + 1) % cameras.length];
    await this.#look({ deviceId: { exact: next.deviceId } });
  }

  async #look(which) {
    for (const track of this.#stream?.getTracks() ?? []) track.stop(); // many phones open one camera at a time
    const width = { ideal: this.#whole() ? ACROSS.whole : ACROSS.scaled };
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, width } });
    } catch (error) {
      this.#stream = null;
      const code = { NotAllowedError: "refused", NotFoundError: "missing" }[error.name] ?? "busy";
      throw Object.assign(new Error(error.message), { code });
    }
    this.#picture.srcObject = this.#stream;
    await this.#picture.play();
  }

  /** The picture as a file: in full size as the camera takes it where it can, else what is seen. */
  async #shoot() {
    if (this.#whole() && globalThis.ImageCapture) {
      try {
        return await new ImageCapture(this.#stream.getVideoTracks()[0]).takePhoto();
      } catch {
        // some cameras give no stills: what is seen does
      }
    }
    const seen = await createImageBitmap(this.#picture);
    try {
      const canvas = new OffscreenCanvas(seen.width, seen.height);
      canvas.getContext("2d", { alpha: false }).drawImage(seen, 0, 0);
      return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    } finally {
      seen.close();
    }
  }
}
