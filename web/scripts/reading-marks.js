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

  /** Shows marks at once, and reverts them if the server cannot store them; `change` is `{ read }` or `{ starred }`. */
  async mark(itemIds, change) {
    const [[name, isMarked]] = Object.entries(change);
    const changed = itemIds.filter((itemId) => this.#marks[name].has(itemId) !== isMarked);
    if (!changed.length) return;
    this.#set(name, changed, isMarked);
    try {
      const request = { body: { item_ids: changed, ...change } };
      await this.#api.request("PATCH", this.#path, request);
    } catch (error) {
      this.#set(name, changed, !isMarked);
      throw error;
    }
  }

  #set(name, itemIds, isMarked) {
    for (const itemId of itemIds) {
      if (isMarked) this.#marks[name].add(itemId);
      else this.#marks[name].delete(itemId);
    }
    this.onChange();
  }

  #take({ read, starred }) {
    this.#marks = { read: new Set(read), starred: new Set(starred) };
    this.onChange();
  }
}
