// What the user has read of a batch and what is starred, as the server keeps it: on the phone it is the same.

const NONE = { read: [], starred: [] };

export class ReadingMarks {
  #api;
  #path;
  #marks = { read: new Set(), starred: new Set() };

  /** `onChange()` when a mark changed. */
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

  /** Without them the batch can be read all the same. */
  async load() {
    this.#take(await this.#api.get(this.#path).catch(() => NONE));
  }

  /** Shown at once, and taken back where the server could not note it; `change` is `{ read }` or `{ starred }`. */
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
