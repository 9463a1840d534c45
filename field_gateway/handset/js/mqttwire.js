/** One connection to the broker over WebSocket: it opens or it does not, and when it breaks it is done with. */
const SESSION_SECONDS = 7 * 24 * 3600;
// Half of what mobile networks let an idle connection live: no needless wake-ups.
const KEEPALIVE = 150;

export class MqttWire {
  #client = null;
  #closed = false;

  constructor({ url, device, secret, onDown, onClose }) {
    Object.assign(this, { url, device, secret, onDown, onClose });
    this.maxPacket = 256 * 1024;
  }

  /** Connect and listen. Raises Error; `refused` is set on it when the broker said no to this device. */
  async open(timeout = 15_000) {
    const { default: mqtt } = await import("/vendor/mqtt.js");
    if (this.#closed) throw new Error("closed");
    return new Promise((done, fail) => {
      const client = mqtt.connect(this.url, {
        protocolVersion: 5, clientId: this.device, username: this.device, password: this.secret, clean: false,
        reconnectPeriod: 0, connectTimeout: timeout, keepalive: KEEPALIVE, resubscribe: false, timerVariant: "native",
        properties: { sessionExpiryInterval: SESSION_SECONDS, receiveMaximum: 32 },
      });
      this.#client = client;
      const over = setTimeout(() => this.#end(fail, new Error("timeout")), timeout);
      client.on("connect", (connack) => {
        this.maxPacket = connack.properties?.maximumPacketSize ?? this.maxPacket;
        client.subscribe({ [`gridline/${this.device}/down/#`]: { qos: 1 } }, (error) => {
          clearTimeout(over);
          if (error) this.#end(fail, error);
          else done(this);
        });
      });
      client.on("message", (topic, payload) => this.#heard(topic, payload));
      client.on("error", (error) => {
        clearTimeout(over);
        // 0x86, 0x87: not with this name and secret; anything else may pass.
        this.#end(fail, Object.assign(error, { refused: [134, 135, 4, 5].includes(error.code) }));
      });
      client.on("close", () => {
        clearTimeout(over);
        this.#end(fail, new Error("closed"));
      });
    });
  }

  get isOpen() {
    return !this.#closed && Boolean(this.#client?.connected);
  }

  /** Hand bytes to the broker (QoS 1); resolves when it has them, which is no receipt. */
  publish(topic, body, properties) {
    // What is left of its life when it comes out of the broker tells how long it waited there.
    const beside = { messageExpiryInterval: SESSION_SECONDS, userProperties: properties };
    return new Promise((done, fail) => {
      if (!this.isOpen) return fail(new Error("closed"));
      return this.#client.publish(topic, body, { qos: 1, properties: beside }, (error, packet) => {
        if (error || packet?.reasonCode >= 128) fail(error ?? new Error(`reason ${packet.reasonCode}`));
        else done();
      });
    });
  }

  close() {
    this.#end(() => undefined, new Error("closed"));
  }

  #heard(topic, payload) {
    try {
      this.onDown(topic.split("/").slice(3).join("/"), JSON.parse(new TextDecoder().decode(payload)));
    } catch (error) {
      console.error("what came down cannot be read", topic, error);
    }
  }

  #end(fail, error) {
    if (this.#closed) return;
    this.#closed = true;
    this.#client?.end(true);
    fail(error);
    this.onClose?.(error);
  }
}
