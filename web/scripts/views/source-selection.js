// The fields that say which videos of playlists and channels are wanted.

import { element } from "../dom.js";
import { check, field } from "../fields.js";
import { t } from "../texts.js";

/** Returns the fields, and `read`, which gives the `select` of a request; null if every video is wanted. */
export function sourceSelection() {
  const newest = numberField(5000);
  const since = element("input", { type: "date" });
  const until = element("input", { type: "date" });
  const shortest = numberField(10_000);
  const longest = numberField(10_000);
  const includes = element("input", { maxlength: 1000, autocomplete: "off" });
  const excludes = element("input", { maxlength: 1000, autocomplete: "off" });
  const [noShorts, noStreams, noPremieres, noKnown] = [0, 1, 2, 3].map(() => element("input", { type: "checkbox" }));
  const root = element(
    "details",
    { class: "more", hidden: true },
    element("summary", {}, t`Only some of their videos`),
    element("p", { class: "soft" }, t`Of the playlists and channels; what is left out costs nothing and can be put back.`),
    pair(field(t`Only the newest`, null, newest)),
    pair(field(t`Uploaded since`, null, since), field(t`Uploaded until`, null, until)),
    pair(field(t`At least so many minutes`, null, shortest), field(t`At most so many minutes`, null, longest)),
    field(t`Words in the title`, t`Separated by commas; the title has at least one of them.`, includes),
    field(t`Words not in the title`, t`Separated by commas; the title has none of them.`, excludes),
    check(t`Leave out Shorts`, null, noShorts),
    check(t`Leave out live streams`, null, noStreams),
    check(t`Leave out premieres`, null, noPremieres),
    check(t`Leave out what I have a summary of`, null, noKnown),
  );

  function read() {
    const select = {
      ...(newest.value && { newest: Number(newest.value) }),
      ...(since.value && { since: since.value }),
      ...(until.value && { until: until.value }),
      ...(shortest.value && { min_duration_seconds: 60 * Number(shortest.value) }),
      ...(longest.value && { max_duration_seconds: 60 * Number(longest.value) }),
      ...(wordsIn(includes).length > 0 && { title_includes: wordsIn(includes) }),
      ...(wordsIn(excludes).length > 0 && { title_excludes: wordsIn(excludes) }),
      ...(noShorts.checked && { shorts: false }),
      ...(noStreams.checked && { streams: false }),
      ...(noPremieres.checked && { premieres: false }),
      ...(noKnown.checked && { not_in_history: true }),
    };
    return !root.hidden && Object.keys(select).length > 0 ? select : null;
  }

  return { element: root, read };
}

function numberField(max) {
  return element("input", { type: "number", min: 1, max, step: 1, inputmode: "numeric", autocomplete: "off" });
}

function pair(...fields) {
  return element("div", { class: "side-by-side" }, fields);
}

function wordsIn(input) {
  return input.value
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
}
