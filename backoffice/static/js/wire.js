// The WebSocket of a softphone, as JsSIP wants one (JsSIP.WebSocketInterface), that can be let go of when the network
// changed: a line that is dead would not tell so for minutes.

const LOST = 4000; // a close code for our own use (RFC 6455 section 7.4.2)

export class Wire {
  constructor(url) {
    const { host, protocol } = new URL(url);
    Object.assign(this, { url, sip_uri: `sip:${host};transport=ws`, via_transport: protocol === "wss:" ? "WSS" : "WS", ws: null });
  }

  connect() {
    if (this.ws && this.ws.readyState <= WebSocket.OPEN) return;
    const ws = new WebSocket(this.url, "sip");
    ws.binaryType = "arraybuffer";
    ws.onopen = () => this.ws === ws && this.onconnect();
    ws.onclose = ({ wasClean, code, reason }) => this.ws === ws && this.#gone(!wasClean, code, reason);
    ws.onmessage = ({ data }) => this.ws === ws && this.ondata(data);
    this.ws = ws;
  }

  disconnect() {
    const ws = this.ws;
    this.ws = null;
    ws?.close();
  }

  send(message) {
    if (!this.isConnected()) return false;
    this.ws.send(message);
    return true;
  }

  isConnected() { return this.ws?.readyState === WebSocket.OPEN; }

  isConnecting() { return this.ws?.readyState === WebSocket.CONNECTING; }

  /** The network is another one: whatever this line still says, it is not waited for. */
  drop() {
    if (!this.ws) return;
    this.ws.close();
    this.#gone(true, LOST, "the network changed");
  }

  #gone(error, code, reason) {
    this.ws = null;
    this.ondisconnect(error, code, reason);
  }
}
