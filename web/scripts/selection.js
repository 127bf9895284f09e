// Decides which videos of a batch are listed, and in which order: search, filters and sort order.

import { fold } from "./search-marks.js";

const FIELDS = ["q", "status", "tag", "sort"];
const STATUS_ORDER = ["processing", "failed", "pending", "completed", "skipped"];
const BY_NAME = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** Functions that compare two videos; videos with an unknown value come last. */
const SORTS = {
  length: (one, other) => withUnknownLast(one.duration_seconds, other.duration_seconds, (a, b) => b - a),
  newest: (one, other) => withUnknownLast(one.published_at, other.published_at, (a, b) => Date.parse(b) - Date.parse(a)),
  channel: (one, other) => withUnknownLast(one.channel, other.channel, BY_NAME.compare),
  cost: (one, other) => costOf(other) - costOf(one),
};

export const EVERYTHING = selectionOf(new URLSearchParams());

/** Returns `{ q, status, tag, sort }` from the address; missing ones are empty. */
export function selectionOf(query) {
  return Object.fromEntries(FIELDS.map((name) => [name, query.get(name) ?? ""]));
}

/** Returns the part of an address that `selectionOf` reads. */
export function queryOf(selection) {
  const given = Object.entries(selection).filter(([, value]) => value);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

export function isEverything(selection) {
  return queryOf(selection) === "";
}

/**
 * Returns the places of the selected videos in the order of the list; `items` may have gaps. `isFound(itemId)` tells
 * whether a summary has the words of the search where the list does not show them.
 */
export function select(items, { q, status, tag, sort }, { currentId, marks, isFound }) {
  const isMarked = {
    doubtful: ({ unverified }) => unverified > 0,
    unread: ({ id, status: now }) => now === "completed" && !marks.isRead(id),
    starred: ({ id }) => marks.isStarred(id),
  };
  const hasStatus = (item) => statusOf(item, currentId) === status;
  const words = wordsOf(q);
  const isSelected = (item) =>
    (!status || (isMarked[status] ?? hasStatus)(item)) &&
    (!tag || item.tags?.includes(tag)) &&
    (hasWords(item, words) || isFound(item.id));
  const places = [];
  items.forEach((item, place) => item && isSelected(item) && places.push(place));
  const rank = (item) => STATUS_ORDER.indexOf(statusOf(item, currentId));
  const compare = sort === "status" ? (one, other) => rank(one) - rank(other) : SORTS[sort];
  return compare ? places.sort((one, other) => compare(items[one], items[other])) : places;
}

/** Returns the folded words of a search. */
export function wordsOf(q) {
  return fold(q).split(/\s+/).filter(Boolean);
}

/** Whether the folded words are all in what the list shows of a video. */
export function hasWords(item, words) {
  return words.every((word) => textOf(item).includes(word));
}

/** Returns the cost of a video; for a draft, the expected cost if it was checked. */
function costOf({ cost_usd: cost, preflight }) {
  return cost || (preflight?.cost_usd ?? 0);
}

/** Returns the status as it is shown: the current video is not stored as such, and one to be summarized again waits. */
export function statusOf(item, currentId) {
  if (item.id === currentId) return "processing";
  return item.redo ? "pending" : item.status;
}

const texts = new WeakMap();

/** Returns what the list shows of a video, folded once. */
function textOf(item) {
  if (!texts.has(item)) texts.set(item, fold([item.title, item.channel, item.tldr, ...(item.tags ?? [])].join("\n")));
  return texts.get(item);
}

function withUnknownLast(one, other, compare) {
  const [isUnknown, isOtherUnknown] = [one === null, other === null];
  return isUnknown || isOtherUnknown ? Number(isUnknown) - Number(isOtherUnknown) : compare(one, other);
}
