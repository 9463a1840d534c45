/** The start: what this phone knows first, the screen at once, the network last. */
import { App } from "./app.js";
import { Frame } from "./frame.js";
import { watchHealth } from "./health.js";
import { learn, t } from "./i18n.js";
import { tidy } from "./kept.js";
import { Notes } from "./notes.js";
import { PAGES } from "./pages/index.js";
import { Patrol } from "./patrol.js";
import { Router } from "./router.js";
import { banner, toast } from "./ui.js";

/** The page to show instead of one that is asked for: who is nobody here logs in first. */
function guard({ state }, name) {
  if (!state.device) return "enrol";
  if (!state.worker) return "login";
  if (name === "enrol" && !PAGES.find((page) => page.name === name)?.open) return "home";
  return "";
}

/** The link of a QR: the code of this phone's enrolment stands behind the #. */
function takeCode(app) {
  if (!location.hash || location.hash.startsWith("#/")) return;
  app.code = decodeURIComponent(location.hash.slice(1).replace(/^code=/, ""));
  history.replaceState(null, "", "#/enrol");
}

async function start() {
  const body = document.getElementById("app");
  const app = new App();
  try {
    await learn();
    await app.session.load();
  } catch (error) {
    console.error(error);
    // Without a store nothing could be kept: better no app than one that loses what is written.
    body.replaceChildren(banner("bad", "手机无法保存数据，请退出无痕模式或清理存储空间。 · This phone cannot keep data: leave private mode or free some space."));
    return;
  }
  takeCode(app);
  addEventListener("hashchange", () => takeCode(app)); // before the router looks
  const frame = new Frame(app, body);
  app.router = new Router(app, frame.main, (name) => (name === "enrol" && app.code ? "" : guard(app, name)));
  app.on("language", () => app.router.show());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && app.emit("visible"));
  app.on("trouble", ({ key, reason }) => key && toast(`${t(key)} (${reason})`, "bad"));
  app.on("wiped", () => app.go("enrol"));
  await app.router.show();
  document.documentElement.dataset.started = String(Math.round(performance.now()));
  await afterwards(app, frame);
}

/** What the first screen does not wait for. */
async function afterwards(app, frame) {
  const notes = new Notes(app, frame.notes);
  new Patrol(app);
  await watchHealth();
  await app.outbox.count();
  if (app.state.worker) await app.inbox.count();
  await notes.look();
  app.link.start();
  if (app.state.device) app.session.ask().catch(() => undefined);
  setInterval(() => document.visibilityState === "visible" && notes.look(), 300_000);
  if ("serviceWorker" in navigator) register(app).catch((error) => console.warn(error));
  await app.outbox.tidy();
  await Patrol.tidy();
  await tidy();
}

/** The app without a network; a new version is told of, and taken when the worker says so. */
async function register(app) {
  const registration = await navigator.serviceWorker.register("/sw.js");
  const offer = (worker) => {
    if (!navigator.serviceWorker.controller) return;
    app.emit("update", () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take-over");
    });
  };
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => fresh.state === "installed" && offer(fresh));
  });
}

start();
