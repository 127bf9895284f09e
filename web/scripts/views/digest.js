// The digest of a batch: what its videos say together, each statement with its sources.

import { batchName } from "../batch-names.js";
import { captionSource } from "../caption-source.js";
import { element, userText, externalLink } from "../dom.js";
import { clockTime, counted, dollars, join, videoTime } from "../format.js";
import { prose } from "../markdown.js";
import { places } from "../router.js";
import { modelName } from "../summary-settings.js";
import { t } from "../texts.js";
import { crumb } from "./crumb.js";
import { notFound } from "./error.js";
import { digestRemark } from "./remark.js";

const QUOTING = "extractive"; // the built-in model
const QUOTATION = /“[^”]*”/g;

export async function digestView({ api }, { parameters: { batchId } }) {
  let digest, batch;
  try {
    [digest, batch] = await Promise.all([api.get(`batch/${batchId}/digest`), api.get(`batch/${batchId}?items=false`)]);
  } catch (error) {
    if (error.status !== 404) throw error;
    return notFound(
      t`There is no digest yet`,
      t`A digest is written after the last video, if you asked for one when you created the batch.`,
    );
  }
  return {
    title: t`Digest`,
    element: element(
      "article",
      { class: "digest page" },
      element(
        "header",
        {},
        crumb(places.batch(batchId), batchName(batch)),
        element("h1", {}, t`Digest of ${counted(digest.videos, "video")}`),
        element("p", { class: "soft" }, t`What the videos have in common, where they differ, and which to watch first.`),
      ),
      digest.model === QUOTING &&
        element(
          "p",
          { class: "hint-box" },
          t`The chosen model writes no text of its own: it groups sentences from the videos that share words, and quotes them. For a written digest, make the batch with a language model.`,
        ),
      element("div", { class: "prose lead" }, prose(digest.overview)),
      digest.news && news(digest.news, batchId),
      part(t`What to watch first`, order(digest.watch_order, batchId)),
      part(
        t`Themes`,
        digest.themes.map((theme) => statement(theme, batchId)),
      ),
      part(
        t`Where they agree`,
        digest.agreements.map((each) => statement(each, batchId)),
      ),
      part(
        t`Where they differ`,
        digest.differences.map((each) => statement(each, batchId)),
      ),
      element(
        "footer",
        { class: "soft" },
        (digest.notes ?? []).map((note) => userText("p", note)),
        join(modelName(digest.model), digest.cost_usd > 0 ? dollars(digest.cost_usd) : t`free`),
      ),
    ),
  };
}

/** What the run of a follow adds to earlier runs. */
function news({ new: subjects, beyond, contradictions, videos, by_words: byWords }, batchId) {
  const isNothing = !subjects.length && !beyond.length && !contradictions.length;
  return [
    element(
      "p",
      { class: "soft" },
      byWords
        ? t`Compared word for word with the summaries of ${earlier(videos)}. This model does not notice contradictions.`
        : t`Compared with the summaries of ${earlier(videos)}.`,
      isNothing && ` ${t`There is nothing to show.`}`,
    ),
    part(
      byWords ? t`Not mentioned before` : t`New`,
      subjects.map((claim) => statement(claim, batchId)),
    ),
    part(
      byWords ? t`On subjects of earlier videos` : t`Goes beyond what was said before`,
      beyond.map((claim) => statement(claim, batchId)),
    ),
    part(
      t`Contradicts what was said before`,
      contradictions.map((claim) => statement(claim, batchId)),
    ),
  ];
}

function earlier(videos) {
  return counted(videos, "earlier video");
}

function part(title, content) {
  const isEmpty = Array.isArray(content) && !content.length;
  return content && !isEmpty && element("section", {}, element("h2", {}, title), content);
}

function statement({ title, text, evidence, earlier: before, check }, batchId) {
  return element(
    "div",
    { class: "statement" },
    title && userText("h3", title),
    said(text),
    digestRemark(check),
    before && element("p", { class: "soft" }, t`Now`),
    sources(evidence, t`Said in`, () => batchId),
    before && element("p", { class: "soft" }, t`Before`),
    before && sources(before, t`Said before in`, (ref) => ref.batch_id),
  );
}

function sources(refs, label, batchOf) {
  return element(
    "ul",
    { class: "evidence", "aria-label": label },
    refs.map((ref) => element("li", {}, reference(ref, batchOf(ref)))),
  );
}

/** Quotations are one below the other, because each may be in another language. */
function said(text) {
  const quotations = text.match(QUOTATION) ?? [];
  if (quotations.join(" ") !== text) return userText("p", text);
  return quotations.map((each) => userText("blockquote", each));
}

function reference(ref, batchId) {
  const start = ref.start_seconds;
  return [
    start !== null &&
      externalLink(
        videoTime(ref.video_id, start),
        { class: "time", "aria-label": t`Watch from ${clockTime(start)}` },
        clockTime(start),
      ),
    element("a", { href: places.video(batchId, ref.item_id), dir: "auto" }, ref.title ?? ref.video_id),
    ref.described && element("span", { class: "caption-source" }, captionSource("description")),
  ];
}

function order(entries, batchId) {
  return (
    entries.length > 0 &&
    element(
      "ol",
      { class: "watch-order" },
      entries.map(({ reason, video }) => element("li", {}, element("div", { class: "reference" }, reference(video, batchId)), userText("p", reason))),
    )
  );
}
