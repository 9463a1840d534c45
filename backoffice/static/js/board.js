// The wallboard: seats, queues and callers from the live floor, the day's figures asked for when something changed.

import { get, now, put } from "./lib.js";
import { BoardView } from "./boardview.js";
import { feed } from "./feed.js";
import { OwnPhone } from "./boardphone.js";
import { SeatMenu } from "./boardmenu.js";
import { Wall } from "./boardwall.js";

const root = document.querySelector("[data-board]");
const wall = root.dataset.wall === "true" ? new Wall(root) : null;
const view = new BoardView(root, { menu: root.dataset.orders === "true", seats: wall });
const phone = root.dataset.own ? new OwnPhone(root, root.dataset.own) : null;
const menu = view.menu ? new SeatMenu(root, { own: root.dataset.own || null, phone }) : null;
const PATIENCE = 3000;
let states = {};
let due = false;
let dirty = true;

/** Draw once for all that came since the last frame; a hidden page draws when it is looked at. */
function draw() {
  if (due) return;
  due = true;
  const go = () => {
    due = false;
    view.draw(feed.nodes(), states);
    menu?.saw(view.model);
    phone?.saw(view.model);
  };
  if (document.hidden) setTimeout(go, 500);
  else requestAnimationFrame(go);
}

async function figures() {
  if (!dirty) return;
  dirty = false;
  try {
    const day = await get("/wallboard/figures");
    put(view.part("since-day"), day.since);
    for (const tile of day.tiles) {
      const node = root.querySelector(`[data-tile=${tile.name}]`);
      if (tile.good !== null) node.dataset.good = String(tile.good);
      put(node.querySelector("[data-value]"), tile.value);
      put(node.querySelector("[data-of]"), tile.of);
    }
    const disk = view.part("diskalarm");
    put(disk, day.alarms.join(" "));
    disk.hidden = !day.alarms.length;
    view.levels = day.queues;
    draw();
  } catch { dirty = true; }
}

feed.on("floor", () => { dirty = true; draw(); });
feed.on("nodes", (told) => { states = told; draw(); });
let lost = null;
feed.on("state", (state) => {
  clearTimeout(lost);
  if (state === "up") view.part("feedalarm").hidden = true;
  else lost = setTimeout(() => { view.part("feedalarm").hidden = false; }, PATIENCE);
});
setInterval(() => view.tick(), 1000);
setInterval(figures, 2000);
if (wall) {
  const clockface = root.querySelector("[data-clock]");
  const face = new Intl.DateTimeFormat("en-GB", { timeZone: document.documentElement.dataset.zone, hour: "2-digit", minute: "2-digit" });
  const show = () => put(clockface, face.format(now()));
  setInterval(show, 1000);
  show();
}
draw();
figures();
