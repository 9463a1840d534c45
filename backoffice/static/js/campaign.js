// The progress of a campaign, live: what becomes of a case anywhere moves it.

import { feed } from "./feed.js";
import { fetched } from "./fragment.js";

const LATER = 700;
const here = document.querySelector("[data-campaign]");
let timer = 0;

async function renew() {
  const page = await fetched(here.dataset.campaign);
  const fresh = page?.querySelector("[data-progress]");
  if (fresh) here.replaceChildren(fresh);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(renew, LATER);
}
feed.on("case", soon);
feed.on("state", (state) => { if (state === "up") soon(); });
