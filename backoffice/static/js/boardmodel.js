// What a board shows, worked out of the floor messages of all nodes: no drawing here.

export const PARTS = ["answered", "abandoned", "overflowed", "called_back", "waiting"];
const WAITS = new Set(["queue", "net", "ringing"]);
const FIRST = { queue: 0, net: 0, ringing: 1, ivr: 2, talking: 3, rating: 4 };

/** Whether every offered caller is accounted for. */
export const addsUp = (figures) => PARTS.reduce((sum, name) => sum + (figures[name] ?? 0), 0) === (figures.offered ?? 0);

/**
 * Seats, calls and queues of all nodes. `nodes` are floor messages; `states` says of each node {ok, link, since}.
 * A seat: {key, row, call, dead}; a call: {key, row, dead}; a queue: {name, figures, longest, right}.
 */
export function modelOf(nodes, states = {}) {
  const model = { seats: [], calls: [], queues: [], total: blank(), down: [], broken: [], promises: null };
  const calls = Object.assign({}, ...nodes.map((node) => node.calls));
  const queues = new Map();
  for (const node of nodes) {
    const state = states[node.node] ?? { ok: node.link === "up", link: node.link, since: node.at };
    const dead = !state.ok;
    if (dead) model.down.push({ node: node.node, ...state });
    for (const [key, row] of Object.entries(node.seats)) model.seats.push({ key, row, dead, call: calls[row.call] ?? null });
    for (const [key, row] of Object.entries(node.calls)) model.calls.push({ key, row, dead });
    addFigures(model, queues, node);
  }
  for (const [name, figures] of queues) {
    model.queues.push({ name, figures, longest: longest(model.calls, name), right: addsUp(figures) });
  }
  const broken = model.queues.filter((queue) => !queue.right).map((queue) => queue.name);
  if (broken.length) model.broken = broken;
  model.seats.sort((a, b) => Number(a.key) - Number(b.key));
  model.queues.sort((a, b) => (a.name < b.name ? -1 : 1));
  model.calls.sort((a, b) => rank(a.row) - rank(b.row) || (began(a.row) < began(b.row) ? -1 : 1));
  model.longest = longest(model.calls, null);
  return model;
}

function addFigures(model, queues, node) {
  const figures = node.figures ?? {};
  for (const [name, counts] of Object.entries(figures.queues ?? {})) {
    const sum = queues.get(name) ?? blank();
    for (const key of Object.keys(sum)) sum[key] += counts[key] ?? 0;
    queues.set(name, sum);
  }
  for (const key of Object.keys(model.total)) model.total[key] += figures[key] ?? 0;
  if (figures.conserved === false) model.broken.push(node.node);
  const told = figures.promises;
  if (!told?.told) return;
  const before = model.promises ?? { told: 0, error: 0, judged: 0 };
  const judged = told.mae_s >= 0 ? told.told : 0;
  model.promises = {
    told: before.told + told.told, error: before.error + judged * told.mae_s, judged: before.judged + judged,
  };
}

const blank = () => ({ offered: 0, ...Object.fromEntries(PARTS.map((name) => [name, 0])) });
const rank = (row) => FIRST[row.stage] ?? 5;
const began = (row) => row.waiting_since || row.entered || "";

function longest(calls, queue) {
  let first = null;
  for (const { row } of calls) {
    const fits = WAITS.has(row.stage) && row.waiting_since && (queue === null || row.queue === queue);
    if (fits && (first === null || row.waiting_since < first)) first = row.waiting_since;
  }
  return first;
}
