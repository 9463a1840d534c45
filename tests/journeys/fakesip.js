// JsSIP's shape without a PBX: the test is the other side. window.fake: ring(), lose(), back(), sessions, log.
// sessionStorage.refuse = a status refuses the next registration.
(() => {
  const fake = { log: [], sessions: [], ua: null, silent: false };
  window.fake = fake;
  class Emits {
    constructor() { this.heard = {}; }
    on(name, handler) { (this.heard[name] ??= []).push(handler); return this; }
    emit(name, event = {}) { for (const handler of this.heard[name] ?? []) handler(event); }
  }
  class Session extends Emits {
    constructor(number) {
      super();
      Object.assign(this, { state: "new", remote_identity: { uri: { user: number } } });
      const sender = { track: { kind: "audio" }, dtmf: { get canInsertDTMF() { return !fake.silent; } } };
      this.connection = { iceConnectionState: "connected", getSenders: () => [sender] };
    }
    isEstablished() { return this.state === "up"; }
    isEnded() { return this.state === "over"; }
    answer() { fake.log.push("answer"); this.state = "up"; setTimeout(() => this.emit("confirmed"), 20); }
    terminate(how = {}) {
      fake.log.push(`terminate ${how.status_code ?? ""}`.trim());
      if (this.state !== "over") this.over("Terminated");
    }
    over(cause) { this.state = "over"; this.emit("ended", { cause }); }
    mute() { fake.log.push("mute"); }
    unmute() { fake.log.push("unmute"); }
    sendDTMF(digits, how) { fake.log.push(`dtmf ${digits} ${how.transportType}`); }
    renegotiate(how) { fake.log.push(`renegotiate ${JSON.stringify(how.rtcOfferConstraints)}`); return true; }
  }
  class UA extends Emits {
    constructor(options) { super(); this.options = options; fake.ua = this; }
    start() {
      fake.log.push(`register ${this.options.authorization_user} ${this.options.password}`);
      setTimeout(() => this.arrive(), 30);
    }
    arrive() {
      this.emit("connected");
      const status = Number(sessionStorage.getItem("refuse"));
      sessionStorage.removeItem("refuse");
      if (status) this.emit("registrationFailed", { response: { status_code: status } });
      else this.emit("registered");
    }
    stop() { fake.log.push("stop"); }
  }
  fake.ring = ({ number, contact = "", call = "", why = "", auto = false }) => {
    const session = new Session(number);
    const headers = { "X-Gridline-Contact": contact, "X-Gridline-Call": call, "X-Gridline-Why": why, "Call-Info": auto ? "<sip:gridline>;answer-after=0" : "" };
    fake.sessions.push(session);
    fake.ua.emit("newRTCSession", { session, request: { getHeader: (name) => headers[name] }, originator: "remote" });
    return true;
  };
  fake.lose = () => fake.ua.emit("disconnected");
  fake.back = () => fake.ua.arrive();
  window.JsSIP = { UA, C: { DTMF_TRANSPORT: { INFO: "INFO", RFC2833: "RFC2833" } } };
})();
