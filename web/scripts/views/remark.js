// The note below a statement about details that were not found in the captions, or in the summaries of a digest.

import { captionsNote, chapterNote, digestNote } from "../check-notes.js";
import { element } from "../dom.js";

/** `seconds` is where in the video the statement is said, or null. */
export function remark(check, seconds = null) {
  return paragraph(captionsNote(check, seconds));
}

export function chapterRemark(check) {
  return paragraph(chapterNote(check));
}

export function digestRemark(check) {
  return paragraph(digestNote(check));
}

function paragraph(note) {
  return note && element("p", { class: "remark" }, element("bdi", {}, note));
}
