/** How the phone is: battery, free space, version; and what the worker should be told of it. */
let battery = null;

/** Begin to look. */
export async function watchHealth() {
  try {
    battery = await navigator.getBattery?.();
  } catch {
    battery = null;
  }
  try {
    // Else the browser may throw our store away when the phone runs full.
    await navigator.storage?.persist?.();
  } catch {
    // Not every browser lets itself be asked.
  }
}

/** {usage, free} in bytes, or null where the browser does not tell. */
export async function space() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return { usage, free: Math.max(0, quota - usage) };
  } catch {
    return null;
  }
}

/** The version of the app that is on the phone: the stamp of its files. */
export async function version() {
  const name = (await caches.keys().catch(() => [])).find((one) => one.startsWith("gridline-"));
  return name ? name.slice(9, 17) : "dev";
}

/** What travels to the server now and then, so that the office sees a phone in trouble. */
export async function statusOf(app) {
  const room = await space();
  return {
    ...(battery ? { battery: Math.round(battery.level * 100), charging: battery.charging } : {}),
    version: await version(),
    backlog: app.state.waiting,
    ...(room ? { free_mb: Math.round(room.free / 1024 ** 2) } : {}),
  };
}

/** Bytes below which new photos are warned of. */
export const LITTLE_ROOM = 50 * 1024 ** 2;

/** Whether an error says that the phone is full. */
export const isFull = (error) => error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
