// Finds the videos of a batch whose summaries have the words of a search anywhere. The server reads the summaries, some
// hundred at a time.

import { isPassing } from "./api.js";
import { wordsOf } from "./selection.js";

const TYPING_MS = 400; // between the key presses of a slow typist: every search reads every summary
const AGAIN_MS = 5_000; // after an error
const LATER_MS = 20_000; // for summaries that are made while a batch runs, several of which come together

/**
 * Yields the server's answers, `{ matches, next_cursor }`, until all summaries after that of the item `cursor` are read.
 *
 * @param {any} api
 * @param {string} batchId
 * @param {string} q
 * @param {{ cursor?: string, signal?: AbortSignal }} [options]
 */
export async function* searchSummaries(api, batchId, q, { cursor = "", signal } = {}) {
  do {
    const query = new URLSearchParams({ q, cursor });
    const { data } = await api.request("GET", `batch/${batchId}/search?${query}`, { signal });
    yield data;
    cursor = data.next_cursor;
  } while (cursor !== null);
}

/** Searches for one text after the other, and again in summaries that are new. */
export class SummarySearch {
  #read;
  #q = "";
  #items = [];
  #searched = new Map(); // ids of items, each with the time of its summary
  #found = new Map();
  #isBusy = false;
  #pause = 0;
  #ended = new AbortController();

  /** Calls `onChange()` after every answer and every error. */
  constructor(api, batchId, onChange) {
    this.#read = (cursor) => searchSummaries(api, batchId, this.#q, { cursor, signal: this.#ended.signal });
    this.onChange = onChange;
    this.problem = null; // why it does not go on, at least for now
  }

  /** Returns the `{ statement, kind, start_seconds }` of a video that was found; undefined for others. */
  matchOf(itemId) {
    return this.#found.get(itemId);
  }

  /** Returns how many summaries there are, and how many of them were searched. */
  get progress() {
    const all = this.#items.filter(isSummarized).length;
    return { all, done: all - this.#unsearched().length };
  }

  /** Whether there are summaries that will be searched. */
  get isUnderWay() {
    return Boolean(this.#q) && !this.problem && this.#unsearched().length > 0;
  }

  /** Searches the summaries of these videos, as far as that is neither done nor under way; another `q` ends a search. */
  look(q, items) {
    this.#items = items;
    const wanted = wordsOf(q).length > 0 ? q : ""; // no summary is searched for no words
    if (wanted !== this.#q) this.#begin(wanted);
    if (wanted && !this.#isBusy && this.#unsearched().length > 0) this.#search(this.#ended.signal);
  }

  stop() {
    this.#ended.abort();
  }

  #begin(q) {
    this.stop();
    this.#ended = new AbortController();
    this.#q = q;
    this.#searched.clear();
    this.#found.clear();
    this.#isBusy = false;
    this.#pause = TYPING_MS;
    this.problem = null;
  }

  async #search(signal) {
    this.#isBusy = true;
    while (this.#unsearched().length > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.#pause));
      if (signal.aborted) return;
      try {
        await this.#readOn();
        this.#pause = LATER_MS;
      } catch (error) {
        if (signal.aborted) return;
        this.problem = error;
        this.#pause = AGAIN_MS;
        this.onChange();
        if (!isPassing(error)) return; // and stays busy: the same request would fail again
      }
    }
    this.#isBusy = false;
  }

  /** Reads from the first summary that was not searched yet to the last such one. */
  async #readOn() {
    const waiting = this.#unsearched(); // those that end in the meantime come next
    if (waiting.length === 0) return;
    const before = Math.min(...waiting.map(({ id }) => Number(id))) - 1;
    for await (const { matches, next_cursor: last } of this.#read(String(before).padStart(5, "0"))) {
      for (const item of waiting) {
        if (this.#isSearched(item) || (last !== null && item.id > last)) continue;
        this.#searched.set(item.id, item.completed_at);
        this.#found.delete(item.id); // what an earlier summary said
      }
      for (const match of matches) this.#found.set(match.item_id, match);
      this.problem = null;
      this.onChange();
      if (waiting.every((item) => this.#isSearched(item))) return;
    }
  }

  #unsearched() {
    return this.#items.filter((item) => isSummarized(item) && !this.#isSearched(item));
  }

  #isSearched({ id, completed_at: moment }) {
    return this.#searched.get(id) === moment;
  }
}

function isSummarized(item) {
  return item?.status === "completed";
}
