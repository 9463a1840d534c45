/**
 * The link: brings what waits to the server, by MQTT where it can, else by HTTPS, and hears what comes down.
 *
 * One tab does it for all (a lock of the browser's). It sleeps until something is written, the network changes, a
 * receipt is late, or a poll is due; with nothing to send and MQTT open it does not wake up at all.
 */
import { ApiError } from "./api.js";
import { held, late, nextMedium, nextMessages, pieceSize } from "./courier.js";
import { all, get, put } from "./db.js";
import { beside, topicOf } from "./envelope.js";
import { statusOf } from "./health.js";
import { HttpWire } from "./httpwire.js";
import { sha256 } from "./ids.js";
import { MqttWire } from "./mqttwire.js";
import { Alarm, DEAD_MS, FIRST_RETRY, LAST_RETRY, MQTT_AGAIN, POLL_SECONDS, Speed } from "./pace.js";

export class Link {
  #app;
  #flying = new Map();
  #there = new Set(); // what the broker has, and keeps for the server: its receipt comes on whatever connection
  #piece = null;
  #held = Infinity;
  #heard = 0;
  #speed = new Speed();
  #alarm = new Alarm();
  #mqtt = null;
  #http;
  #mqttAfter = 0; // ms of the clock, as is the next
  #after = 0;
  #mqttFails = 0;
  #fails = 0;
  #poll = null;
  #etag = "";
  #mine = false; // whether this tab is the one that works

  constructor(app) {
    this.#app = app;
    this.#http = new HttpWire(app);
    app.on("outbox", () => this.kick());
    app.on("link", (state) => !this.#mine && app.set(state));
    addEventListener("online", () => this.#network(true));
    addEventListener("offline", () => this.#network(false));
    app.on("visible", () => this.#network(navigator.onLine));
  }

  /** Work as long as the page lives, when it is this tab's turn. */
  start() {
    return navigator.locks.request("gridline-link", async () => {
      this.#mine = true;
      for (;;) {
        let rest = 60_000;
        try {
          rest = await this.#round();
        } catch (error) {
          console.error(error);
          rest = 5_000;
        }
        await this.#alarm.wait(rest);
      }
    });
  }

  /** Look again now. */
  kick() {
    this.#alarm.ring();
  }

  /** Begin anew: another device or another log-in. */
  restart() {
    this.#drop();
    this.#there.clear();
    this.#etag = "";
    this.#network(navigator.onLine);
  }

  #network(there) {
    this.#after = this.#fails = this.#mqttAfter = 0;
    this.#app.set({ blocked: false }); // it may be let in again: ask
    if (!there) {
      this.#drop();
      this.#say({ online: false, way: "" });
    }
    this.kick();
  }

  #drop() {
    const mqtt = this.#mqtt;
    this.#mqtt = null;
    mqtt?.close();
    this.#http.stop();
    this.#poll = null;
    this.#flying.clear();
    this.#piece = null;
  }

  #say(state) {
    // Where there was no network and is one now, MQTT is tried at once.
    if (state.online && !this.#app.state.online && state.way === "https") this.#mqttAfter = Math.min(this.#mqttAfter, Date.now() + 1_000);
    this.#app.set(state);
    this.#app.everywhere("link", { online: this.#app.state.online, way: this.#app.state.way });
  }

  /** One look at what there is to do; resolves with the ms until the next, if nothing happens before. */
  async #round() {
    const { device } = this.#app.state;
    if (!device || !navigator.onLine || this.#app.state.blocked) return 3_600_000;
    const now = Date.now();
    if (!this.#mqtt?.isOpen && now >= this.#mqttAfter) await this.#connect(device);
    if (now < this.#after) return Math.max(250, Math.min(this.#after, this.#mqtt ? Infinity : this.#mqttAfter) - now);
    if (this.#mqtt?.isOpen) return this.#byMqtt(device);
    return this.#byHttp();
  }

  // -- MQTT ------------------------------------------------------------------------------------------------

  async #connect(device) {
    const url = this.#app.config.mqtt ?? device.mqtt;
    if (!url) {
      this.#mqttAfter = Number.MAX_SAFE_INTEGER;
      return;
    }
    const wire = new MqttWire({
      url, device: device.name, secret: device.secret,
      onDown: (what, message) => this.#down(what, message),
      onClose: () => wire === this.#mqtt && this.#lost(),
    });
    try {
      await wire.open();
      this.#mqtt = wire;
      this.#mqttFails = this.#fails = 0;
      this.#heard = Date.now();
      this.#flying = new Map([...this.#there].map((id) => [id, Date.now()]));
      this.#piece = null;
      this.#http.stop();
      this.#poll = null;
      this.#say({ online: true, way: "mqtt" });
      // Clears up what happened while the phone was away for longer than the broker remembers.
      this.#sync();
    } catch {
      this.#mqttFails += 1;
      this.#mqttAfter = Date.now() + Math.min(MQTT_AGAIN * 2 ** Math.min(this.#mqttFails - 1, 4), 900_000);
    }
  }

  #lost() {
    this.#mqtt = null;
    this.#flying.clear();
    this.#piece = null;
    this.#mqttAfter = Date.now() + 1_000;
    this.kick();
  }

  async #byMqtt(device) {
    const records = await this.#app.outbox.waiting();
    const left = new Set(records.map((one) => one.id));
    for (const ids of [this.#flying, this.#there]) for (const id of ids.keys()) if (!left.has(id)) ids.delete(id);
    // A line on which nothing was heard for so long, though asked again, is dead: hang up, and look for another.
    if (records.some((one) => one.tries > 2 && this.#flying.has(one.id)) && this.#heard < Date.now() - DEAD_MS) {
      this.#mqtt.close();
      return 1_000;
    }
    for (const record of nextMessages(records, this.#flying, Date.now())) {
      const look = this.#app.clock.look();
      await this.#app.outbox.sending(record.id, look);
      this.#flying.set(record.id, Date.now());
      const sent = this.#mqtt?.publish(topicOf(device.name, record.type), record.body, beside(record, look));
      sent?.then(() => record.type !== "position" && this.#there.add(record.id), () => undefined);
    }
    await this.#pieceByMqtt(device, records);
    if (this.#piece && records.every((one) => one.state !== "media" && !one.owes)) this.#piece = null;
    return Math.max(250, Math.min(late(records, this.#flying, Date.now()), this.#piece ? this.#piece.at + 20_000 - Date.now() : this.#held, 3_600_000));
  }

  async #pieceByMqtt(device, records) {
    if (this.#piece && Date.now() - this.#piece.at < 20_000) return;
    const media = await all("media");
    const medium = nextMedium(records, media, Date.now());
    this.#piece = null;
    this.#held = held(media, Date.now());
    if (!medium?.blob) return;
    const most = Math.min(64 * 1024, this.#mqtt.maxPacket - 1024);
    const body = new Uint8Array(await medium.blob.slice(medium.received, medium.received + pieceSize(this.#speed.value, most)).arrayBuffer());
    this.#piece = { id: medium.id, at: Date.now(), size: body.length };
    this.#mqtt?.publish(`gridline/${device.name}/up/media/${medium.id}`, body, { offset: String(medium.received), sha256: await sha256(body) }).catch(() => undefined);
  }

  // -- HTTPS -----------------------------------------------------------------------------------------------

  async #byHttp() {
    try {
      const records = await this.#app.outbox.waiting();
      const [record] = nextMessages(records, this.#flying, Date.now());
      const media = record ? [] : await all("media");
      const medium = nextMedium(records, media, Date.now());
      if (record) {
        const look = this.#app.clock.look();
        await this.#app.outbox.sending(record.id, look);
        this.#flying.set(record.id, Date.now());
        await this.#receipt(await this.#http.send(record, beside(record, look)));
      } else if (medium?.blob) {
        const began = performance.now();
        const before = medium.received;
        const receipt = await this.#http.sendPiece(medium, pieceSize(this.#speed.value, 512 * 1024));
        await put("media", { ...(await get("media", medium.id)), created: medium.created, received: medium.received, lost: medium.lost });
        this.#speed.seen((receipt?.media?.[0]?.received ?? 0) - before, performance.now() - began);
        if (receipt) await this.#receipt(receipt);
      }
      this.#listen();
      this.#fails = 0;
      if (record || medium?.blob) {
        this.#say({ online: true, way: "https" });
        return 0;
      }
      return Math.max(1_000, Math.min(this.#mqttAfter - Date.now(), late(records, this.#flying, Date.now()), held(media, Date.now()), 3_600_000));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.#trouble(error);
    }
  }

  #trouble(error) {
    this.#flying.clear();
    if (error.status === 403 || error.code === "blocked") {
      this.#say({ blocked: true });
      return 3_600_000;
    }
    this.#fails += 1;
    // Not all at the same moment when the server comes back.
    const wait = error.retryAfter ? error.retryAfter * 1000 : Math.min(FIRST_RETRY * 2 ** (this.#fails - 1), LAST_RETRY);
    this.#after = Date.now() + wait * (0.75 + Math.random() / 2);
    if (error.status === 0) this.#say({ online: false, way: "" });
    return this.#after - Date.now();
  }

  /** Keep a poll waiting while the page is on the screen. */
  #listen() {
    if (this.#poll || document.visibilityState !== "visible") return;
    const poll = {};
    this.#poll = poll;
    (async () => {
      const status = await statusOf(this.#app);
      const told = await this.#http.down(this.#etag, this.#etag ? POLL_SECONDS : 0, status);
      this.#say({ online: true, way: "https" });
      if (told.etag) {
        this.#etag = told.etag;
        await this.#app.inbox.whole(told);
      }
    })().catch((error) => {
      if (this.#poll === poll && error instanceof ApiError) this.#trouble(error);
    }).finally(() => {
      if (this.#poll !== poll) return;
      this.#poll = null;
      this.kick();
    });
  }

  async #sync() {
    try {
      const told = await this.#http.down("", 0, await statusOf(this.#app));
      if (told.etag) await this.#app.inbox.whole(told);
    } catch {
      // MQTT brings what there is all the same.
    }
  }

  // -- what comes down -------------------------------------------------------------------------------------

  async #down(what, message) {
    if (what === "task") await this.#app.inbox.task(message);
    else if (what === "message") await this.#app.inbox.message(message);
    else if (what === "receipt") await this.#receipt(message);
  }

  async #receipt(receipt) {
    this.#heard = Date.now();
    if (receipt.upto || receipt.ids) await this.#app.outbox.heedMany(receipt);
    this.#there.delete(receipt.id);
    if (receipt.status === "later") {
      this.#after = Date.now() + 1000 * (receipt.retry_after || 10);
      this.#flying.delete(receipt.id);
      return this.kick();
    }
    if (receipt.code === "blocked") this.#say({ blocked: true });
    if (this.#piece?.id === receipt.id) {
      this.#speed.seen(this.#piece.size, Date.now() - this.#piece.at);
      this.#piece = null;
    }
    // A failure over there is no reason to hurry: this one counts as on the way until its pause is over.
    if (receipt.code !== "failed") this.#flying.delete(receipt.id);
    const record = await this.#app.outbox.heed(receipt);
    if (record && record.type !== "report" && ["refused", "conflict"].includes(receipt.status)) await this.#app.session.refused(record, receipt);
    if (record?.type === "clock" && this.#mqtt?.isOpen) this.#sync(); // MQTT brings no task that another phone has shown
    if (receipt.code === "edit-conflict" || (record && ["failed", "conflict"].includes(record.state))) this.#app.emit("trouble", { record, receipt });
    return this.kick();
  }
}
