// Where a search has found its words in a summary.

import { element, userText } from "../dom.js";
import { clockTime } from "../format.js";
import { excerpt } from "../search-marks.js";

/** The moment of the statement that has the words, and the statement with marks around them. */
export function passage({ statement, start_seconds: start }, words) {
  return [
    start !== null && element("bdi", { class: "time" }, clockTime(start)),
    userText("span", excerpt(statement, words)),
  ];
}

/** The part of an address that names the statement: by its moment, or as the first one that has the words. */
export function placeOf({ start_seconds: start }) {
  return String(start ?? "words");
}
