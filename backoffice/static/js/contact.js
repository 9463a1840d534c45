// A contact's page: its recordings can be heard.

import { Player } from "./player.js";

for (const node of document.querySelectorAll("[data-player]")) new Player(node);
