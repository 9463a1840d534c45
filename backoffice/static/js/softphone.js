// The softphone: JsSIP over a WebSocket, one call at a time; a second one is told busy. When the network changes, the call
// stays: the line is made anew, then the way of the sound. Tells: state, ringing, talking, ended, trouble, muted.

import { Wire } from "./wire.js";

const HOLD_ADDRESS = /^c=IN IP4 0\.0\.0\.0\r?$/gm;
const GATHERING = 400;
const SHAKY = 2000; // sound that stops for longer needs another way
const AGAIN = 1000;

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
    this.talking = false;
    this.muted = false;
    this.stale = false; // the way of the sound is that of an earlier network
    addEventListener("offline", () => this.wire?.drop());
    addEventListener("online", () => this.wire?.drop());
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
    this.wire = new Wire(socket);
    const ua = new JsSIP.UA({
      sockets: [this.wire],
      uri: `sip:${user}@${host}`,
      authorization_user: user,
      password: secret,
      realm,
      register: true,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 2,
      user_agent: "Gridline",
    });
    this.ua = ua;
    this.#become("connecting");
    ua.on("connected", () => this.#mine(ua) && this.state !== "registered" && this.#become("connecting"));
    ua.on("disconnected", () => {
      if (!this.#mine(ua)) return;
      // A call that only rings, or whose answer the PBX has not taken yet, does not outlive its line: nobody could tell
      // that it is over. Kept, it would make every later call find the seat busy.
      if (this.session && !this.talking) this.#ended(this.session, "line lost");
      this.stale = Boolean(this.session?.isEstablished());
      this.#become("connecting");
    });
    ua.on("registered", () => {
      if (!this.#mine(ua)) return;
      this.#become("registered");
      if (this.stale) this.#findTheWay();
    });
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
    this.wire = null;
    this.stale = false;
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

  /** Press keys for the other party, in the sound's own stream (RFC 4733); false when it cannot carry them. */
  digits(text) {
    const session = this.session;
    if (!session?.isEstablished()) return false;
    const sender = session.connection.getSenders().find(({ track }) => track?.kind === "audio");
    if (!sender?.dtmf?.canInsertDTMF) return false;
    session.sendDTMF(text, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833, duration: 120, interToneGap: 80 });
    return true;
  }

  #offered({ session, request, originator }) {
    if (originator !== "remote") return;
    if (this.session) { session.terminate({ status_code: 486 }); return; }
    this.session = session;
    this.answering = false;
    this.talking = false;
    this.muted = false;
    session.on("sdp", (event) => {
      if (event.originator === "local") event.sdp = withoutHoldAddress(event.sdp, this.host);
    });
    let gathered = null;
    session.on("icecandidate", (event) => {
      gathered ??= setTimeout(() => { gathered = null; event.ready(); }, GATHERING);
    });
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => {
        const stream = event.streams[0] ?? new MediaStream([event.track]);
        window.gridline.remoteStream = stream;
        this.ear.srcObject = stream;
        this.ear.play().catch(() => this.#tell("trouble", "no-sound"));
      });
      // JsSIP hangs up where the sound has failed, and a browser that dies still gets to say so: the citizen would be cut
      // off. Heard before JsSIP, and kept from it: we look for another way, and the PBX ends what has none.
      peerconnection.addEventListener("iceconnectionstatechange", (event) => {
        event.stopImmediatePropagation();
        this.#shaky(session, peerconnection);
      }, { capture: true });
    });
    session.on("getusermediafailed", () => this.#tell("trouble", "microphone-refused"));
    session.on("confirmed", () => {
      if (this.session !== session) return;
      this.talking = true;
      this.#tell("talking", {});
    });
    session.on("ended", ({ cause }) => this.#ended(session, cause));
    session.on("failed", ({ cause }) => this.#ended(session, cause));
    this.#tell("ringing", {
      number: session.remote_identity?.uri?.user ?? "",
      contact: request.getHeader("X-Gridline-Contact") || "",
      call: request.getHeader("X-Gridline-Call") || request.getHeader("X-Gridline-Contact") || "",
      why: request.getHeader("X-Gridline-Why") || "",
      auto: /;\s*answer-after=0\b/.test(request.getHeader("Call-Info") || ""),
    });
  }

  /** The sound stopped: find another way for it, now or as soon as the line is back. */
  #shaky(session, connection) {
    const state = connection.iceConnectionState;
    if (this.session !== session || !["disconnected", "failed"].includes(state)) return;
    setTimeout(() => {
      if (this.session !== session || !["disconnected", "failed"].includes(connection.iceConnectionState)) return;
      this.stale = true;
      this.#findTheWay();
    }, state === "failed" ? 0 : SHAKY);
  }

  #findTheWay() {
    const session = this.session;
    if (!this.stale || this.state !== "registered" || !session?.isEstablished()) return;
    // Refused while another offer is under way: then once more.
    if (session.renegotiate({ rtcOfferConstraints: { iceRestart: true } })) this.stale = false;
    else setTimeout(() => this.#findTheWay(), AGAIN);
  }

  #ended(session, cause) {
    if (this.session !== session) return;
    this.#forget(session);
    this.#tell("ended", { cause });
  }

  #forget(session) {
    this.session = null;
    this.answering = false;
    this.talking = false;
    this.stale = false;
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
