// The softphone: JsSIP over a WebSocket, one call at a time. Tells: state, ringing, talking, ended, trouble, muted.

const HOLD_ADDRESS = /^c=IN IP4 0\.0\.0\.0\r?$/gm;
const GATHERING = 400;

/** An address that is not 0.0.0.0: hidden candidates leave that, and the PBX takes it for "on hold". */
export function withoutHoldAddress(sdp, host) {
  const address = /^\d+(\.\d+){3}$/.test(host) ? host : "192.0.2.1";
  return sdp.replaceAll(HOLD_ADDRESS, `c=IN IP4 ${address}\r`).replaceAll("\r\r", "\r");
}

export class Softphone extends EventTarget {
  constructor(ear) {
    super();
    this.ear = ear;
    this.state = "off";
    this.session = null;
    this.microphone = null;
    this.muted = false;
  }

  /** Ask for the microphone. Throws the browser's own error when it is refused or missing. */
  async takeMicrophone() {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("insecure", "SecurityError");
    if (this.microphone?.getAudioTracks().some((track) => track.readyState === "live")) return;
    this.microphone = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    for (const track of this.microphone.getAudioTracks()) {
      track.addEventListener("ended", () => this.#tell("trouble", "microphone-gone"));
    }
  }

  /** Register with the PBX; comes back by itself until `stop`. */
  start({ socket, user, secret, realm, host }) {
    this.stop();
    this.host = host;
    const ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(socket)],
      uri: `sip:${user}@${host}`,
      authorization_user: user,
      password: secret,
      realm,
      register: true,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "Gridline",
    });
    this.ua = ua;
    this.#become("connecting");
    ua.on("connected", () => this.#mine(ua) && this.state !== "registered" && this.#become("connecting"));
    ua.on("disconnected", () => this.#mine(ua) && this.#become("connecting"));
    ua.on("registered", () => this.#mine(ua) && this.#become("registered"));
    ua.on("unregistered", () => this.#mine(ua) && this.#become("connecting"));
    ua.on("registrationFailed", ({ response }) => {
      if (!this.#mine(ua)) return;
      const refused = response && [401, 403, 404, 407].includes(response.status_code);
      this.#become(refused ? "refused" : "connecting");
    });
    ua.on("newRTCSession", (event) => this.#mine(ua) && this.#offered(event));
    ua.start();
  }

  /** Let go of the line and the microphone. */
  stop() {
    const ua = this.ua;
    this.ua = null;
    if (this.session) this.#forget(this.session);
    if (ua) ua.stop();
    this.#become("off");
  }

  /** Give the microphone back. */
  dropMicrophone() {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
  }

  answer() {
    if (!this.session || this.session.isEstablished() || this.answering) return;
    this.answering = true;
    const live = this.microphone?.getAudioTracks().some((track) => track.readyState === "live");
    this.session.answer({
      ...(live ? { mediaStream: this.microphone } : { mediaConstraints: { audio: true, video: false } }),
      pcConfig: { iceServers: [] },
      rtcOfferConstraints: { offerToReceiveAudio: true },
    });
  }

  hangUp() {
    if (!this.session || this.session.isEnded()) return false;
    if (this.session.isEstablished()) this.session.terminate();
    else this.session.terminate({ status_code: 486 });
    return true;
  }

  mute(on) {
    if (!this.session?.isEstablished()) return;
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.muted = on;
    this.#tell("muted", on);
  }

  #offered({ session, request, originator }) {
    if (originator !== "remote") return;
    if (this.session) { session.terminate({ status_code: 486 }); return; }
    this.session = session;
    this.answering = false;
    this.muted = false;
    session.on("sdp", (event) => {
      if (event.originator === "local") event.sdp = withoutHoldAddress(event.sdp, this.host);
    });
    let gathered = null;
    session.on("icecandidate", (event) => { gathered ??= setTimeout(() => event.ready(), GATHERING); });
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => {
        const stream = event.streams[0] ?? new MediaStream([event.track]);
        window.gridline.remoteStream = stream;
        this.ear.srcObject = stream;
        this.ear.play().catch(() => this.#tell("trouble", "no-sound"));
      });
    });
    session.on("getusermediafailed", () => this.#tell("trouble", "microphone-refused"));
    session.on("confirmed", () => this.session === session && this.#tell("talking", {}));
    session.on("ended", ({ cause }) => this.#ended(session, cause));
    session.on("failed", ({ cause }) => this.#ended(session, cause));
    this.#tell("ringing", {
      number: session.remote_identity?.uri?.user ?? "",
      contact: request.getHeader("X-Gridline-Contact") || "",
    });
  }

  #ended(session, cause) {
    if (this.session !== session) return;
    this.#forget(session);
    this.#tell("ended", { cause });
  }

  #forget(session) {
    this.session = null;
    this.answering = false;
    if (!session.isEnded()) session.terminate();
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = true;
    window.gridline.remoteStream = null;
    this.ear.srcObject = null;
  }

  #mine(ua) { return this.ua === ua; }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell("state", state);
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
