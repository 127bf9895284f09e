// Marks where a text has the words that are searched for, without regard to case and accents.

import { element } from "./dom.js";

const FAR = 120; // characters, which are in sight in two lines
const AROUND = 60;
const PLAIN = /^[\x00-\x7f]*$/;
const characters = new Map(); // folded ones; a long transcript has few different ones

/** Folds like the server (skimlist/text/search.py): without case and the accents of European letters. */
export function fold(text) {
  const withoutAccents = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  return withoutCase(withoutAccents).normalize("NFKC");
}

/** Folds case as Unicode does. Lower case leaves ß and the variants of some letters; capitals stand for Cherokee letters. */
function withoutCase(text) {
  return text
    .toLowerCase()
    .replace(/[ßςᲀ-ᲈ]/g, (letter) => letter.toUpperCase().toLowerCase())
    .replace(/\p{Script=Cherokee}/gu, (letter) => letter.toUpperCase());
}

/** Returns a function from folded words to the `[start, end]` of each place in the text that has one, in order. */
export function findIn(text) {
  let read = null;
  return (words) => {
    read ??= foldedWithOrigins(text);
    const { folded, starts, ends } = read;
    const found = words.flatMap((word) => occurrences(folded, word)).sort(([one], [other]) => one - other);
    // A character that is folded to several is marked as a whole.
    const places = found.map(([from, to]) => [starts[from], ends[to - 1]]);
    let end = 0;
    return places.filter(([from, to]) => from >= end && (end = to));
  };
}

/** Returns the text in parts, with a mark around each of these places. */
export function marked(text, places) {
  let end = 0;
  const parts = places.map(([from, to]) => {
    const before = text.slice(end, from);
    end = to;
    return [before, element("mark", { class: "found" }, text.slice(from, to))];
  });
  return [...parts.flat(), text.slice(end)].filter(Boolean);
}

/** Returns the text with its marks; if the first one is far from the beginning, the text begins shortly before it. */
export function excerpt(text, words) {
  const places = findIn(text)(words);
  const [[first] = [0]] = places;
  const space = text.indexOf(" ", first - AROUND); // scripts without spaces are cut anywhere
  const from = first <= FAR ? 0 : space >= 0 && space < first ? space + 1 : first - AROUND;
  const shown = marked(text.slice(from), places.map(([start, end]) => [start - from, end - from]));
  return from > 0 ? ["… ", ...shown] : shown;
}

/** Marks the words in every text inside these elements, except inside those that `except` selects. */
export function markInside(elements, words, except) {
  for (const root of elements) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
    for (const text of texts) {
      if (text.parentElement?.closest(except)) continue;
      const places = findIn(text.data)(words);
      if (places.length > 0) text.replaceWith(...marked(text.data, places));
    }
  }
}

/** The folded text, and for each of its letters where in the text the character begins and ends that it comes from. */
function foldedWithOrigins(text) {
  if (PLAIN.test(text)) {
    const starts = [...text].map((_, place) => place);
    return { folded: text.toLowerCase(), starts, ends: starts.map((place) => place + 1) };
  }
  let folded = "";
  const starts = [];
  const ends = [];
  let end = 0;
  for (const character of text) {
    if (!characters.has(character)) characters.set(character, fold(character));
    const letters = characters.get(character);
    const start = end;
    end += character.length;
    folded += letters;
    for (let count = letters.length; count > 0; count -= 1) {
      starts.push(start);
      ends.push(end);
    }
    // An accent is folded to nothing, and belongs to the letter before it.
    if (!letters && ends.length > 0) ends[ends.length - 1] = end;
  }
  return { folded, starts, ends };
}

function occurrences(folded, word) {
  const found = [];
  if (!word) return found;
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length))
    found.push([at, at + word.length]);
  return found;
}
