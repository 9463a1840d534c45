/** The start: what this phone knows first, the screen at once, the network last. */
import { App } from "./app.js";
import * as db from "./db.js";
import { Frame } from "./frame.js";
import { learn } from "./i18n.js";
import { Router } from "./router.js";
import { banner } from "./ui.js";

async function start() {
  const body = document.getElementById("app");
  const app = new App();
  try {
    await learn();
    const [device, worker, session, duty] = await Promise.all(["device", "worker", "session", "duty"].map((name) => db.get("meta", name)));
    app.set({ device: device ?? null, worker: worker ?? null, session: session ?? null, duty: Boolean(duty) });
  } catch (error) {
    console.error(error);
    // Without a store nothing could be kept: better no app than one that loses what is written.
    body.replaceChildren(banner("bad", "手机无法保存数据，请退出无痕模式或清理存储空间。 · This phone cannot keep data: leave private mode or free some space."));
    return;
  }
  const frame = new Frame(app, body);
  app.router = new Router(app, frame.main, () => "");
  app.on("language", () => app.router.show());
  await app.router.show();
  document.documentElement.dataset.started = String(Math.round(performance.now()));
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js").catch((error) => console.warn(error));
  }
}

start();
