// A summary: its text, with links to moments of the video, and ways to copy and save it.

import { button, directionOf, element, factsLine, userText, externalLink } from "../dom.js";
import { clockTime, day, dollars, lengthOf, number, tokens, videoTime } from "../format.js";
import { captionSource } from "../caption-source.js";
import { icon } from "../icons.js";
import { prose, summaryMarkdown } from "../markdown.js";
import { notice } from "../notices.js";
import { places } from "../router.js";
import { fold, markInside } from "../search-marks.js";
import { queryOf } from "../selection.js";
import { gapIn } from "../summary-gap.js";
import { lengthName } from "../summary-settings.js";
import { t, translated } from "../texts.js";
import { languageName } from "./language-choice.js";
import { playWithin } from "./player.js";
import { chapterRemark, remark } from "./remark.js";
import { timeline } from "./timeline.js";

const captions = () => ({
  manual: t`captions by the creator`,
  automatic: t`automatic captions`,
  translated: t`translated captions`,
});

/** A link that fills in the channel of a video, without starting anything; null if its id is not known. */
export function moreFromChannel({ channel_id: channelId }) {
  return channelId && element("a", { href: places.moreOf(channelId) }, t`More from this channel`);
}

export function watchLink({ url }) {
  return externalLink(url, { class: "with-mark" }, t`Watch on YouTube`, icon("outside"));
}

/** `level` is the heading level of its title. */
export function summarySheet(summary, level = 2) {
  const section = (title, content) =>
    content && element("section", {}, element(`h${level + 1}`, {}, title), content);
  // Our own words stand on the side where those of the summary begin.
  const sheet = element(
    "article",
    { class: "summary", dir: directionOf(summary.tldr || summary.text) },
    element(
      "header",
      {},
      element(
        "div",
        { class: "summary-heading", dir: "auto" },
        element(`h${level}`, { class: "summary-title" }, summary.title),
        element(
          "p",
          { class: "facts soft" },
          factsLine(
            summary.channel,
            lengthOf(summary),
            summary.published_at && day(summary.published_at),
            watchLink(summary),
            moreFromChannel(summary),
          ),
        ),
      ),
      captionSource(summary.caption_kind) &&
        element("p", { class: "caption-source" }, captionSource(summary.caption_kind)),
      actions(summary),
    ),
    summary.tldr && element("div", { class: "tldr" }, userText("p", summary.tldr), remark(summary.tldr_check)),
    summary.chapters.length > 0 && timeline(summary),
    element("div", { class: "prose" }, prose(summary.text), remark(summary.text_check)),
    section(t`What you asked for`, focusPoints(summary)),
    section(t`Key points`, points(summary)),
    section(t`Chapters`, chapters(summary)),
    description(summary),
    footer(summary),
  );
  playWithin(sheet, summary);
  return sheet;
}

/** Marks the words of a search in what a summary says, as far as they are searched for there, and returns it. */
export function markSummary(sheet, words) {
  const searched = sheet.querySelectorAll(".summary-title, .tldr, .prose, .focus dd, .points, .chapters, .tags");
  markInside(searched, words, ".time, .remark");
  return sheet;
}

/**
 * Returns the statement that `at` of an address names (`placeOf`), ready to be focused; null if there is none. Of several
 * with the same moment, it is the first one with most of the words, which is the one that was found.
 */
export function statementAt(sheet, at) {
  if (at === null) return null;
  const statements = [...sheet.querySelectorAll(".points li, .chapters li, .focus dd, .tldr, .prose p, .prose li")];
  const momentOf = (node) => node.querySelector("[data-start]")?.dataset.start ?? "words";
  const there = statements.filter((node) => momentOf(node) === at);
  const found = withMostWords(there) ?? withMostWords(statements) ?? there[0] ?? null;
  if (found) found.tabIndex = -1;
  return found;
}

/** Returns the first of the elements with most of the words that are marked; undefined if none has any. */
function withMostWords(elements) {
  const wordsIn = (node) => [...node.querySelectorAll(".found")].map((mark) => fold(mark.textContent));
  const amounts = elements.map((node) => new Set(wordsIn(node)).size);
  const most = Math.max(...amounts);
  return most > 0 ? elements[amounts.indexOf(most)] : undefined;
}

function actions(summary) {
  const copy = button({ onclick: () => copyMarkdown(summary) }, icon("copy"), t`Copy as Markdown`);
  const save = button({ onclick: () => saveMarkdown(summary) }, icon("download"), t`Download`);
  return element("div", { class: "actions" }, copy, save);
}

async function copyMarkdown(summary) {
  try {
    await navigator.clipboard.writeText(summaryMarkdown(summary));
    notice(t`Summary copied.`);
  } catch {
    notice(t`The browser did not let the page use the clipboard; download the summary instead.`, { isProblem: true });
  }
}

function saveMarkdown(summary) {
  const href = URL.createObjectURL(new Blob([summaryMarkdown(summary)], { type: "text/markdown" }));
  element("a", { href, download: `${fileName(summary.title)}.md` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** Returns a file name that every operating system accepts. */
function fileName(title) {
  return (
    title
      .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, " ")
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^\.+|\.+$/g, "")
      .slice(0, 80) || "summary"
  );
}

function points({ key_points: found, video_id: videoId }) {
  return (
    found.length > 0 &&
    element(
      "ul",
      { class: "points" },
      found.map((point) =>
        element(
          "li",
          { dir: "auto" },
          time(videoId, point.start_seconds),
          element("div", {}, element("span", {}, point.text), remark(point.check, point.start_seconds)),
        ),
      ),
    )
  );
}

function focusPoints({ focus = [], video_id: videoId }) {
  if (!focus.length) return null;
  return element(
    "dl",
    { class: "focus" },
    focus.map(({ area, found, text, start_seconds: start, check }) => [
      userText("dt", area),
      element(
        "dd",
        { class: found ? "" : "soft", dir: "auto" },
        time(videoId, start),
        element("span", {}, text || t`The video does not mention it.`),
        remark(check, start),
      ),
    ]),
  );
}

function chapters({ chapters: found, video_id: videoId }) {
  return (
    found.length > 0 &&
    element(
      "ol",
      { class: "chapters" },
      found.map((chapter) =>
        element(
          "li",
          { dir: "auto" },
          time(videoId, chapter.start_seconds),
          element(
            "div",
            {},
            element("b", {}, chapter.title),
            chapter.summary && userText("p", chapter.summary),
            chapterRemark(chapter.check),
          ),
        ),
      ),
    )
  );
}

function time(videoId, seconds) {
  if (seconds === null || seconds === undefined) return element("span", { class: "time" });
  return externalLink(
    videoTime(videoId, seconds),
    { class: "time", "data-start": seconds, "aria-label": t`Watch from ${clockTime(seconds)}` },
    clockTime(seconds),
  );
}

/** What the creator wrote; folded, because it is seldom wanted. */
function description({ description: text, links }) {
  if (!text) return null;
  return element(
    "details",
    { class: "description" },
    element("summary", {}, t`Description by the creator`),
    element("p", { dir: "auto" }, linked(text, links)),
  );
}

/** Returns the text with a link at each of these addresses, which are in the order of the text. */
function linked(text, links) {
  const parts = [];
  let end = 0;
  for (const link of links) {
    const start = text.indexOf(link, end);
    if (start < 0) continue;
    parts.push(text.slice(end, start), externalLink(link, { dir: "ltr" }, link));
    end = start + link.length;
  }
  return [...parts, text.slice(end)];
}

function footer(summary) {
  const { coverage } = summary;
  const part =
    coverage.characters_used < coverage.characters_total &&
    [
      t`Made from ${number(coverage.characters_used)} of the transcript’s ${number(coverage.characters_total)} characters.`,
      coverage.reason ? translated(coverage.reason) : "",
    ].join(" ");
  const gap = gapIn(summary);
  const missing = gap && t`The summary may leave out what is said between ${clockTime(gap[0])} and ${clockTime(gap[1])}.`;
  const facts = factsLine(
    translated(summary.model_label),
    t`length: ${lengthName(summary.length)}`,
    t`${tokens(summary.tokens_in + summary.tokens_out)} tokens`,
    dollars(summary.cost_usd),
    `${languageName(summary.caption_language)}, ${captionSource(summary.caption_kind) ?? captions()[summary.caption_kind] ?? summary.caption_kind}`,
  );
  return element(
    "footer",
    { class: "soft" },
    summary.tags.length > 0 &&
      element(
        "ul",
        { class: "tags", "aria-label": t`Tags` },
        summary.tags.map((tag) =>
          element("li", {}, userText("a", tag, { href: places.batch(summary.batch_id, queryOf({ tag })) })),
        ),
      ),
    [...summary.notes.map(translated), part, missing].filter(Boolean).map((note) => element("p", {}, element("bdi", {}, note))),
    element("p", { class: "facts" }, facts),
  );
}
