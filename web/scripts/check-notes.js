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
  if (seconds === null)
    return note(check, {
      none: () => t`Hardly any of these words were found in the captions.`,
      one: (named) => t`${named} was not found in the captions.`,
      several: (named) => t`${named} were not found in the captions.`,
    });
  const time = clockTime(seconds);
  return note(check, {
    none: () => t`Hardly any of these words were found in the captions around ${time}.`,
    one: (named) => t`${named} was not found in the captions around ${time}.`,
    several: (named) => t`${named} were not found in the captions around ${time}.`,
  });
}

/** About the summary of a chapter, which may rest on any caption of the chapter. */
export function chapterNote(check) {
  return note(check, {
    none: () => t`Hardly any of these words were found in the captions of this chapter.`,
    one: (named) => t`${named} was not found in the captions of this chapter.`,
    several: (named) => t`${named} were not found in the captions of this chapter.`,
  });
}

/** About a claim of a digest. It says whose words these are, because a digest names several videos. */
export function digestNote(check) {
  const says = (named) => t`The digest says ${named}, but the summaries of these videos do not. Check it in the videos.`;
  return note(check, {
    none: () => t`Hardly any of these words are in the summaries of these videos. Check them in the videos.`,
    one: says,
    several: says,
  });
}

/** Returns the sentence for as many facts as are missing, "" if none is. */
function note(check, { none, one, several }) {
  if (check?.status !== "unverified") return "";
  const { missing } = check;
  if (!missing.length) return none();
  return missing.length === 1 ? one(listed(missing)) : several(listed(missing));
}

function listed(missing) {
  const named = missing.slice(0, MAX_NAMED).map((fact) => t`“${fact}”`);
  const more = missing.length - named.length;
  return LISTS.format(more > 0 ? [...named, t`${String(more)} more`] : named);
}
