// Shows the simple Markdown of summaries as elements, and writes a whole summary as a Markdown file.

import { captionsNote, chapterNote } from "./check-notes.js";
import { element } from "./dom.js";
import { clockTime, videoTime } from "./format.js";
import { captionSource } from "./caption-source.js";
import { oneLine, paragraphs } from "./markdown-text.js";
import { t } from "./texts.js";

const LIST_LINE = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;
// Bounded, because in an answer full of unclosed asterisks, each of them would be searched to the end.
const EMPHASIS = /\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*|(?<![\w*])[*_](?=\S)([^*_]{1,500}?)(?<=\S)[*_](?![\w*])/g;

/** Turns paragraphs, lists and emphasis into elements, and shows everything else literally. */
export function prose(text) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map(block)
    .flat();
}

function block(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    const isList = LIST_LINE.test(lines[0]);
    const end = lines.findIndex((line) => LIST_LINE.test(line) !== isList && (isList ? !/^\s+\S/.test(line) : true));
    const taken = lines.splice(0, end < 0 ? lines.length : end);
    nodes.push(isList ? list(taken) : element("p", { dir: "auto" }, inline(taken.join("\n"))));
  }
  return nodes;
}

function list(lines) {
  const entries = [];
  for (const line of lines) {
    const found = LIST_LINE.exec(line);
    if (found) entries.push(found[1]);
    else entries[entries.length - 1] += ` ${line.trim()}`;
  }
  const tag = /^\s*\d/.test(lines[0]) ? "ol" : "ul";
  return element(
    tag,
    { dir: "auto" }, // of the whole list, so that there is room for its marks
    entries.map((entry) => element("li", {}, inline(entry))),
  );
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(EMPHASIS)) {
    nodes.push(text.slice(end, found.index), element(found[1] ? "strong" : "em", {}, found[1] ?? found[2]));
    end = found.index + found[0].length;
  }
  return [...nodes, text.slice(end)].filter((node) => node !== "");
}

/** Returns the text of “Copy as Markdown”, in which titles and captions cannot become markup. */
export function summaryMarkdown(summary) {
  const time = (seconds) => `[${clockTime(seconds)}](${videoTime(summary.video_id, seconds)})`;
  const points = summary.key_points.map(
    (point) =>
      `- ${point.start_seconds === null ? "" : `${time(point.start_seconds)} `}${oneLine(point.text)}${remark(point.check, point.start_seconds)}`,
  );
  const focus = (summary.focus ?? []).map(
    (report) => `- **${oneLine(report.area)}**: ${oneLine(report.text)}${remark(report.check, report.start_seconds)}`,
  );
  const chapters = summary.chapters.map(
    (chapter) =>
      `- ${time(chapter.start_seconds)} **${oneLine(chapter.title)}**${chapter.summary ? `: ${oneLine(chapter.summary)}` : ""}${noted(chapterNote(chapter.check))}`,
  );
  const section = (title, text) => `## ${title}\n\n${text}`;
  const watch = ["[", t`Watch on YouTube`, `](${summary.url})`].join("");
  return (
    [
      `# ${oneLine(summary.title)}`,
      [summary.channel && oneLine(summary.channel), captionSource(summary.caption_kind), watch].filter(Boolean).join(" · "),
      summary.tldr && `> ${oneLine(summary.tldr)}${remark(summary.tldr_check)}`,
      summary.text && section(t`Summary`, paragraphs(summary.text)),
      remark(summary.text_check).trim(),
      focus.length && section(t`What you asked for`, focus.join("\n")),
      points.length && section(t`Key points`, points.join("\n")),
      chapters.length && section(t`Chapters`, chapters.join("\n")),
    ]
      .filter(Boolean)
      .join("\n\n") + "\n"
  );
}

function remark(check, seconds = null) {
  return noted(captionsNote(check, seconds));
}

function noted(note) {
  return note && ` *(${oneLine(note)})*`;
}
