// The videos of a batch by their places in the queue; only the visible pages are read.

const PAGE = 100;
const AT_ONCE = 4;

export class QueuePages {
  #api;
  #id;
  #items = [];
  #fresh = new Set();
  #reading = new Map();
  #generation = 0;
  #reread = Promise.resolve();

  /** Calls `onChange(answer)` with each page that arrives, and `onError(error)` if one cannot be read. */
  constructor(api, id, { onChange, onError }) {
    this.#api = api;
    this.#id = id;
    this.onChange = onChange;
    this.onError = onError;
    this.playlists = [];
  }

  /** Returns the video at `index` (from 0); undefined if its page is not loaded. */
  at(index) {
    return this.#items[index];
  }

  /** All loaded videos by their places; the others are undefined. */
  get all() {
    return this.#items;
  }

  find(itemId) {
    return this.#items.find((item) => item?.id === itemId);
  }

  indexOf(itemId) {
    return this.#items.findIndex((item) => item?.id === itemId);
  }

  /** Marks all pages as outdated: each is read again when it is next needed. */
  expire() {
    this.#generation += 1;
    this.#fresh.clear();
  }

  /**
   * Reads the places from `first` to `last` again, as far as their pages are here: far less than whole pages. If another
   * number than `ended` of their videos has ended meanwhile, videos elsewhere have changed too, and all pages are old. One
   * read follows the other, so that no answer hides a later one.
   */
  readAgain(first, last, ended) {
    const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    const pages = Array.from({ length: to - from + 1 }, (_, step) => from + step);
    if (last - first >= PAGE || pages.some((page) => this.#reading.has(page))) return this.expire();
    if (!pages.some((page) => this.#fresh.has(page))) return;
    this.#reread = this.#reread.then(() => this.#readPlaces(first, last, ended, pages));
  }

  async #readPlaces(first, last, ended, pages) {
    const generation = this.#generation;
    try {
      const answer = await this.#api.get(`batch/${this.#id}?limit=${last - first + 1}&cursor=${first}`);
      if (generation !== this.#generation) return;
      if (countEnded(answer.items) - countEnded(this.#items.slice(first, last + 1)) !== ended) this.expire();
      this.#put(first, answer);
    } catch (error) {
      for (const page of pages) this.#fresh.delete(page);
      this.onError(error);
    }
  }

  /** Reads the missing and outdated pages for the places from `first` to `last`; resolves when all are loaded. */
  async need(first, last) {
    const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    await this.#needPages(Array.from({ length: to - from + 1 }, (_, step) => from + step));
  }

  /** The same for any set of places. */
  async needEach(places) {
    await this.#needPages(new Set(places.map((place) => Math.floor(place / PAGE))));
  }

  async #needPages(numbers) {
    const reads = [];
    for (const page of numbers) {
      if (this.#fresh.has(page)) continue;
      reads.push(this.#read(page));
      if (reads.length % AT_ONCE === 0) await Promise.all(reads);
    }
    await Promise.all(reads);
  }

  /** Moves the video at `from` to `to` among the `movable` places; returns the ids in their new order. */
  move(from, to, movable) {
    const step = from < to ? 1 : -1;
    const places = [];
    for (let index = from; index !== to + step; index += step) if (movable(this.#items[index])) places.push(index);
    const moved = [...places.slice(1), places[0]].map((index) => this.#items[index]);
    places.forEach((place, index) => (this.#items[place] = { ...moved[index], position: place + 1 }));
    const inOrder = step === 1 ? moved : moved.reverse();
    return inOrder.map((item) => item.id);
  }

  /** Changes how one video is shown until its page is read again. */
  patch(itemId, changes) {
    const index = this.indexOf(itemId);
    if (index >= 0) this.#items[index] = { ...this.#items[index], ...changes };
  }

  #read(page) {
    const known = this.#reading.get(page);
    if (known) return known;
    const generation = this.#generation;
    const reading = this.#api
      .get(`batch/${this.#id}?limit=${PAGE}&cursor=${page * PAGE}`)
      .then((answer) => this.#take(page, generation, answer))
      .catch((error) => this.onError(error))
      .finally(() => this.#reading.delete(page));
    this.#reading.set(page, reading);
    return reading;
  }

  #take(page, generation, answer) {
    if (generation === this.#generation) this.#fresh.add(page);
    this.#put(page * PAGE, answer);
  }

  #put(first, answer) {
    this.#items.length = Math.max(this.#items.length, answer.progress.total);
    answer.items.forEach((item, index) => (this.#items[first + index] = item));
    this.playlists = answer.playlists ?? [];
    this.onChange(answer);
  }
}

function countEnded(items) {
  return items.filter((item) => item?.status === "completed" || item?.status === "failed").length;
}
