// Where a search has found its words in a summary: in which section, and at which moment of the video.

import { element, userText } from "../dom.js";
import { clockTime } from "../format.js";
import { excerpt } from "../search-marks.js";
import { t } from "../texts.js";

/** The moment and the section of the statement that has the words, and the statement with marks around them. */
export function passage({ statement, kind, start_seconds: start }, words) {
  return [
    start !== null && element("bdi", { class: "time" }, clockTime(start)),
    element("bdi", { class: "soft section" }, sections()[kind], ": "),
    userText("span", excerpt(statement, words)),
  ];
}

function sections() {
  const inText = t`Summary`;
  return { key_point: t`Key point`, chapter: t`Chapter`, focus: t`What you asked for`, tldr: inText, text: inText };
}

/** The part of an address that names the statement: by its moment, or as the first one that has the words. */
export function placeOf({ start_seconds: start }) {
  return String(start ?? "words");
}
