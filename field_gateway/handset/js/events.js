/** Who wants to know what: `on` returns what ends it. Told to the other tabs too, so that none shows yesterday. */
export class Events {
  #heard = new Map();
  #others = "BroadcastChannel" in globalThis ? new BroadcastChannel("gridline") : null;

  constructor() {
    if (this.#others) this.#others.onmessage = ({ data }) => this.#tell(data.event, data.detail);
  }

  on(event, hear) {
    const heard = this.#heard.get(event) ?? new Set();
    this.#heard.set(event, heard.add(hear));
    return () => heard.delete(hear);
  }

  /** Tell everybody here. */
  emit(event, detail) {
    this.#tell(event, detail);
  }

  /** Tell everybody here and in the other tabs; `detail` must be plain data. */
  everywhere(event, detail) {
    this.#tell(event, detail);
    this.#others?.postMessage({ event, detail });
  }

  #tell(event, detail) {
    for (const hear of [...(this.#heard.get(event) ?? [])]) {
      try {
        hear(detail);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
