// Polls one batch every few seconds; less often if nobody looks or nothing can change.

import { isPassing } from "./api.js";
import { SignedOut } from "./session.js";

const MOVING_MS = 3_500;
const SHORT_BATCH_MS = 1_500; // ends soon, and somebody waits for it
const SHORT_BATCH = 20; // videos
const DRAFT_MS = 3_000; // its playlists are being read
const RESTING_MS = 15_000;
const HIDDEN_MS = 30_000;
const MAX_BACKOFF_MS = 30_000;
const MOVING = new Set(["pending", "processing"]);

export class BatchWatch {
  #api;
  #id;
  #timer = 0;
  #failures = 0;
  #isBusy = false;
  #etag = null;
  /** @type {any} */
  #batch = null;
  #closed = false;

  /** Calls `onBatch(batch)` after a change, `onFailure(error, retryAt)` after an error, and `onFailure(null)` once it is over. */
  constructor(api, id, { onBatch, onFailure }) {
    this.#api = api;
    this.#id = id;
    this.onBatch = onBatch;
    this.onFailure = onFailure;
    this.look = () => this.#look();
    document.addEventListener("visibilitychange", this.look);
    addEventListener("online", this.look);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.look);
    removeEventListener("online", this.look);
  }

  /** Uses the response of a command like a poll. */
  accept(batch) {
    this.#batch = batch;
    this.#etag = null;
    this.onBatch(batch);
    this.#schedule();
  }

  async #look() {
    clearTimeout(this.#timer);
    if (this.#isBusy || this.#closed) return;
    this.#isBusy = true;
    try {
      const seen = this.#batch;
      const { data, etag } = await this.#api.request("GET", `batch/${this.#id}?items=false`, { etag: this.#etag });
      this.#recover();
      // The response of a command that arrived in the meantime is newer.
      if (data && seen === this.#batch && !this.#closed) {
        this.#etag = etag;
        this.#batch = data;
        this.onBatch(data);
      }
    } catch (error) {
      if (this.#isFinal(error)) return;
    } finally {
      this.#isBusy = false;
    }
    this.#schedule();
  }

  #recover() {
    if (this.#failures) this.onFailure(null);
    this.#failures = 0;
  }

  #isFinal(error) {
    if (this.#closed || error instanceof SignedOut) return true;
    const passes = isPassing(error);
    if (passes) this.#failures += 1;
    this.onFailure(error, passes ? Date.now() + this.#pace() : null);
    return !passes;
  }

  #schedule() {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(this.look, this.#pace());
  }

  #pace() {
    if (this.#failures) return Math.min(1_000 * 2 ** this.#failures, MAX_BACKOFF_MS);
    if (document.hidden) return HIDDEN_MS;
    if (isMoving(this.#batch)) return isShort(this.#batch) ? SHORT_BATCH_MS : MOVING_MS;
    return this.#batch.status === "draft" ? DRAFT_MS : RESTING_MS;
  }
}

function isShort(batch) {
  return !batch || batch.progress.total <= SHORT_BATCH;
}

/** Whether the videos are not known yet, because the playlists are being read. */
export function isReadingLinks(batch) {
  return batch.progress.total === 0 && !isOver(batch);
}

export function isOver({ status }) {
  return ["completed", "cancelled", "failed"].includes(status);
}

/** Whether a batch may change without a command of its owner. */
export function isMoving(batch) {
  if (!batch) return true;
  const isInHand = Boolean(batch.progress.current_video);
  return (
    isInHand || MOVING.has(batch.status) || batch.preflight?.status === "checking" || batch.digest?.status === "pending"
  );
}
