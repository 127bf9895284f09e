// Sentences about statements that were not found in the captions, as the API has them in English.

import { clockTime } from "./format.js";
import { language, t } from "./texts.js";

const MAX_NAMED = 4;
const LISTS = new Intl.ListFormat(language);

/**
 * About a statement at a second of the video, or anywhere in it; empty if it was found. `check` is null in summaries that are
 * older than the check of statements.
 */
export function captionsNote(check, seconds = null) {
  if (check?.status !== "unverified") return "";
  const named = listed(check.missing);
  if (seconds === null) {
    if (!named) return t`Hardly any of these words were found in the captions.`;
    return check.missing.length === 1
      ? t`${named} was not found in the captions.`
      : t`${named} were not found in the captions.`;
  }
  const time = clockTime(seconds);
  if (!named) return t`Hardly any of these words were found in the captions around ${time}.`;
  return check.missing.length === 1
    ? t`${named} was not found in the captions around ${time}.`
    : t`${named} were not found in the captions around ${time}.`;
}

/** About the summary of a chapter, which may rest on any caption of the chapter. */
export function chapterNote(check) {
  if (check?.status !== "unverified") return "";
  const named = listed(check.missing);
  if (!named) return t`Hardly any of these words were found in the captions of this chapter.`;
  return check.missing.length === 1
    ? t`${named} was not found in the captions of this chapter.`
    : t`${named} were not found in the captions of this chapter.`;
}

/** About a claim of a digest. */
export function digestNote(check) {
  if (check?.status !== "unverified") return "";
  const named = listed(check.missing);
  if (!named) return t`Hardly any of these words were found in the summaries of these videos.`;
  return check.missing.length === 1
    ? t`${named} was not found in the summaries of these videos.`
    : t`${named} were not found in the summaries of these videos.`;
}

function listed(missing) {
  const named = missing.slice(0, MAX_NAMED).map((fact) => t`“${fact}”`);
  const more = missing.length - named.length;
  return LISTS.format(more > 0 ? [...named, t`${String(more)} more`] : named);
}
