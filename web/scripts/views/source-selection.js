// The fields that say which videos of playlists and channels are wanted, and the same in words.

import { element } from "../dom.js";
import { check, field } from "../fields.js";
import { calendarDay, eitherOf, join, number, span } from "../format.js";
import { t } from "../texts.js";

/**
 * Returns the fields, and `read`, which gives the `select` of a request; null if every video is wanted. Of a follow, each
 * check has a number of videos of its own, and what is passed over cannot be put back.
 */
export function sourceSelection(select, { isOfFollow = false } = {}) {
  const chosen = select ?? {};
  const newest = numberField({ max: 5000, value: chosen.newest });
  const since = element("input", { type: "date", value: chosen.since ?? "" });
  const until = element("input", { type: "date", value: chosen.until ?? "" });
  const shortest = numberField({ max: 10_000, step: "any", value: minutes(chosen.min_duration_seconds) });
  const longest = numberField({ max: 10_000, step: "any", value: minutes(chosen.max_duration_seconds) });
  const includes = wordsField(chosen.title_includes);
  const excludes = wordsField(chosen.title_excludes);
  const [noShorts, noStreams, noPremieres, noKnown] = [
    chosen.shorts === false,
    chosen.streams === false,
    chosen.premieres === false,
    chosen.not_in_history,
  ].map((checked) => element("input", { type: "checkbox", checked }));
  const root = element(
    "div",
    { class: "selection" },
    element(
      "p",
      { class: "soft" },
      isOfFollow
        ? t`Fill in only what matters to you. New videos that do not match are left out.`
        : t`Fill in only what matters to you. Videos that do not match cost nothing, and you can put them back.`,
    ),
    isOfFollow
      ? field(
          t`Maximum number of videos per check`,
          t`If there are more since the last check, the newest are summarized.`,
          newest,
        )
      : field(t`Maximum number of videos`, t`If there are more, the newest are summarized.`, newest),
    pair(field(t`Uploaded on or after`, null, since), field(t`Uploaded on or before`, null, until)),
    pair(field(t`Minimum length in minutes`, null, shortest), field(t`Maximum length in minutes`, null, longest)),
    field(t`Title contains`, t`Words or phrases, separated by commas. One of them is enough.`, includes),
    field(t`Title does not contain`, t`Words or phrases, separated by commas. None of them may occur.`, excludes),
    check(t`Leave out Shorts`, null, noShorts),
    check(t`Leave out live streams`, null, noStreams),
    check(t`Leave out premieres`, null, noPremieres),
    check(t`Leave out videos that are already summarized`, null, noKnown),
  );

  function read() {
    const wanted = {
      ...(newest.value && { newest: Number(newest.value) }),
      ...(since.value && { since: since.value }),
      ...(until.value && { until: until.value }),
      ...(shortest.value && { min_duration_seconds: Math.round(60 * Number(shortest.value)) }),
      ...(longest.value && { max_duration_seconds: Math.round(60 * Number(longest.value)) }),
      ...(wordsIn(includes).length > 0 && { title_includes: wordsIn(includes) }),
      ...(wordsIn(excludes).length > 0 && { title_excludes: wordsIn(excludes) }),
      ...(noShorts.checked && { shorts: false }),
      ...(noStreams.checked && { streams: false }),
      ...(noPremieres.checked && { premieres: false }),
      ...(noKnown.checked && { not_in_history: true }),
    };
    return Object.keys(wanted).length > 0 ? wanted : null;
  }

  return { element: root, read };
}

/** `10 min or longer · no Shorts`; empty if every video is wanted. */
export function selectionInWords(select) {
  return join(
    select.newest && t`newest ${number(select.newest)}`,
    select.since && t`uploaded on or after ${calendarDay(select.since)}`,
    select.until && t`uploaded on or before ${calendarDay(select.until)}`,
    select.min_duration_seconds && t`${span(select.min_duration_seconds)} or longer`,
    select.max_duration_seconds && t`${span(select.max_duration_seconds)} or shorter`,
    select.title_includes.length > 0 && t`title with ${anyOf(select.title_includes)}`,
    select.title_excludes.length > 0 && t`title without ${anyOf(select.title_excludes)}`,
    !select.shorts && t`no Shorts`,
    !select.streams && t`no live streams`,
    !select.premieres && t`no premieres`,
    select.not_in_history && t`none that are already summarized`,
  );
}

/** `“light” or “lens”` */
function anyOf(words) {
  return eitherOf(words.map((word) => t`“${word}”`));
}

function minutes(seconds) {
  return seconds ? seconds / 60 : "";
}

function numberField({ value, ...rules }) {
  return element("input", {
    ...{ type: "number", min: rules.step === "any" ? 0.1 : 1, step: 1, inputmode: "decimal", autocomplete: "off" },
    ...rules,
    value: value ?? "",
  });
}

function wordsField(words = []) {
  return element("input", { dir: "auto", maxlength: 1000, autocomplete: "off", value: words.join(", ") });
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
