// Rows that are kept: each key has one element, touched only when what it shows has changed.

export class Rows {
  /** `make(item)` gives {node, …}; `fill(made, item)` writes into it. An item is {key, shows: [what it depends on], …}. */
  constructor(parent, make, fill) {
    Object.assign(this, { parent, make, fill, known: new Map() });
  }

  /** Show these, in this order. */
  update(items) {
    const gone = new Set(this.known.keys());
    let cursor = this.parent.firstElementChild;
    for (const item of items) {
      gone.delete(item.key);
      let made = this.known.get(item.key);
      if (!made) {
        made = this.make(item);
        this.known.set(item.key, made);
      }
      if (!made.shows || item.shows.some((value, at) => value !== made.shows[at])) {
        made.shows = item.shows;
        this.fill(made, item);
      }
      if (cursor === made.node) cursor = cursor.nextElementSibling;
      else this.parent.insertBefore(made.node, cursor);
    }
    for (const key of gone) {
      this.known.get(key).node.remove();
      this.known.delete(key);
    }
  }
}
