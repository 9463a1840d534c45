// A stranger's handset with MQTT.js, told what docs/field-protocol.md says: reports, replays, edits, takes a task.
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { pathToFileURL } from "node:url";

const [library, url, device, secret, pem] = process.argv.slice(2);
const { default: mqtt } = await import(pathToFileURL(library));
const key = createPrivateKey(pem);
const waiting = new Map();
const tasks = [];
let anyTask = () => undefined;
let seq = 0;

const client = await mqtt.connectAsync(url, {
  protocolVersion: 5, clientId: device, username: device, password: secret, clean: false, keepalive: 30,
  properties: { sessionExpiryInterval: 7 * 24 * 3600, receiveMaximum: 16 },
});
client.on("message", (topic, payload) => {
  const said = JSON.parse(payload.toString());
  if (topic === `gridline/${device}/down/receipt`) waiting.get(said.id)?.(said);
  if (topic === `gridline/${device}/down/task`) {
    tasks.push(said);
    anyTask();
  }
});
await client.subscribeAsync(`gridline/${device}/down/#`, { qos: 1 });

const body = (type, fields) =>
  JSON.stringify({ v: 1, type, id: randomUUID(), seq: ++seq, made: new Date().toISOString(), ...fields });
const seal = (topic, text) => sign(null, Buffer.from(`gridline/1\n${topic}\n${text}`), key).toString("base64url");

/** Publish, and wait for the receipt: [status, code, version]. */
async function say(type, text, { sig = seal(`gridline/${device}/up/${type}`, text), ...more } = {}) {
  const { id } = JSON.parse(text);
  const told = new Promise((done) => waiting.set(id, done));
  await client.publishAsync(`gridline/${device}/up/${type}`, text, {
    qos: 1,
    properties: { messageExpiryInterval: 604800, userProperties: { sent: new Date().toISOString(), ...(sig && { sig }), ...more } },
  });
  const { status, code, version } = await told;
  return [status, code ?? "", version ?? 0];
}

const said = {};
const report = body("report", { text: "灯泡已换", place: { lon: 120.1592, lat: 30.2671 } });
const { id } = JSON.parse(report);
said.unsigned = await say("report", report, { sig: "" });
said.forged = await say("report", report.replace("灯泡", "路灯"), { sig: seal(`gridline/${device}/up/report`, report) });
said.kept = await say("report", report);
said.replayed = await say("report", report);
said.edited = await say("report", body("report", { text: "灯泡已换新", edits: id, base: 1 }));
said.late = await say("report", body("report", { text: "换了灯座", edits: id, base: 1 }));
said.clocked = await say("clock", body("clock", { on: true }));
if (!tasks.length) await new Promise((done) => (anyTask = done));
said.task = tasks[0].title;
said.shown = await say("task", body("task", { task: tasks[0].task, what: "shown" }));
said.elsewhere = await client
  .publishAsync("gridline/somebody/up/report", body("report", { text: "x" }), { qos: 1 })
  .then((packet) => packet?.reasonCode ?? 0, (error) => error.code);
await client.endAsync();
console.log(JSON.stringify(said));
