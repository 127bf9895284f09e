// What the user has read and starred in a batch, stored on the server, so that it is the same on the phone.

const NONE = { read: [], starred: [] };

export class ReadingMarks {
  #api;
  #path;
  #marks = { read: new Set(), starred: new Set() };

  /** Calls `onChange()` after a mark has changed. */
  constructor(api, batchId, onChange) {
    this.#api = api;
    this.#path = `batch/${batchId}/reading`;
    this.onChange = onChange;
  }

  isRead(itemId) {
    return this.#marks.read.has(itemId);
  }

  isStarred(itemId) {
    return this.#marks.starred.has(itemId);
  }

  get read() {
    return this.#marks.read.size;
  }

  get starred() {
    return this.#marks.starred.size;
  }

  /** Loads the marks; without them, the batch can still be read. */
  async load() {
    this.#take(await this.#api.get(this.#path).catch(() => NONE));
  }

  /** Shows a mark at once, and reverts it if the server cannot store it; `change` is `{ read }` or `{ starred }`. */
  async mark(itemId, change) {
    const [[name, isMarked]] = Object.entries(change);
    if (this.#marks[name].has(itemId) === isMarked) return;
    this.#set(name, itemId, isMarked);
    try {
      const request = { body: { item_ids: [itemId], ...change } };
      await this.#api.request("PATCH", this.#path, request);
    } catch (error) {
      this.#set(name, itemId, !isMarked);
      throw error;
    }
  }

  #set(name, itemId, isMarked) {
    if (isMarked) this.#marks[name].add(itemId);
    else this.#marks[name].delete(itemId);
    this.onChange();
  }

  #take({ read, starred }) {
    this.#marks = { read: new Set(read), starred: new Set(starred) };
    this.onChange();
  }
}
