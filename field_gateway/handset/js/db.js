/**
 * The handset's own store (IndexedDB): what it knows survives the browser, the phone and the network.
 *
 * meta     name → value (device, key, session, seq …)     outbox   id → message to go up, as the very bytes
 * media    id → photo or voice note, whole                tasks    task id → task
 * messages id → message down, or one of the worker's      drafts   name → what is being written
 * cache    name → {value, at}: answers kept for offline   packs    id → area pack of the map
 * track    fixed_at → own positions
 */
const NAME = "gridline";
const VERSION = 1;
export const STORES = {
  meta: null, cache: null, drafts: null,
  outbox: "id", media: "id", tasks: "task", messages: "id", packs: "id", track: "fixed_at",
};
let opened = null;

/** The open database. Raises what IndexedDB raises. */
export function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, keyPath ? { keyPath } : {});
      }
    };
    asked.onsuccess = () => {
      // Another tab brings a newer version: let it.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      done(asked.result);
    };
    asked.onerror = () => fail(asked.error);
  }).catch((error) => { opened = null; throw error; });
  return opened;
}

/**
 * Do several things in one transaction, written through to the disk: all of it or nothing.
 * `work(stores)` gets an object store by name and must not wait for anything else. Resolves with what `work` returns.
 */
export async function together(names, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const tx = base.transaction(names, "readwrite", { durability: "strict" });
    let result;
    tx.oncomplete = () => done(result);
    tx.onabort = () => fail(tx.error || new DOMException("aborted", "AbortError"));
    try {
      result = work(Object.fromEntries(names.map((name) => [name, tx.objectStore(name)])));
    } catch (error) {
      tx.abort(); // nothing of it, then
      fail(error);
    }
  });
}

async function one(name, mode, ask) {
  const base = await open();
  return new Promise((done, fail) => {
    const tx = base.transaction(name, mode, { durability: "strict" });
    const asked = ask(tx.objectStore(name));
    tx.oncomplete = () => done(asked.result);
    tx.onabort = () => fail(tx.error || asked.error);
  });
}

/** One value, undefined if there is none. */
export const get = (name, key) => one(name, "readonly", (store) => store.get(key));
/** Every value (of a range of keys, if one is given), in the order of keys. */
export const all = (name, range) => one(name, "readonly", (store) => store.getAll(range));
/** Keep a value; stores without a key of their own (meta, cache, drafts) want one given. */
export const put = (name, value, key) => one(name, "readwrite", (store) => store.put(value, key));
/** Forget a value. */
export const del = (name, key) => one(name, "readwrite", (store) => store.delete(key));
/** Forget all of one store. */
export const clear = (name) => one(name, "readwrite", (store) => store.clear());
