// The digest of a batch: what its videos say together, each statement with its sources.

import { batchName, videoName } from "../batch-names.js";
import { captionSource } from "../caption-source.js";
import { coverageNote } from "../digest-coverage.js";
import { directionOf, element, userText, externalLink } from "../dom.js";
import { clockTime, counted, dollars, isolated, join, listed, number, videoTime } from "../format.js";
import { prose } from "../markdown.js";
import { places } from "../router.js";
import { explained, nodes, t, translated } from "../texts.js";
import { crumb } from "./crumb.js";
import { notFound } from "./error.js";
import { digestRemark } from "./remark.js";

const QUOTING = "extractive"; // the built-in model
const QUOTATION = /“([^”]*)”/g;
const NAMED = 2; // earlier videos

export async function digestView({ api }, { parameters: { batchId } }) {
  const found = (address) => api.get(address).catch((error) => (error.status === 404 ? null : Promise.reject(error)));
  const [digest, batch] = await Promise.all([
    found(`batch/${batchId}/digest`),
    found(`batch/${batchId}?items=false`),
  ]);
  if (!batch) return notFound();
  if (!digest) return notThere(batch);
  const isQuoting = digest.model === QUOTING;
  const isNew = Boolean(digest.news) && !hasNothing(digest.news);
  const level = isNew ? 3 : 2; // of the headings of statements, which stand below those of two groups or alone
  const total = batch.progress.total - batch.progress.skipped;
  const outdated = coverageNote(batch, digest.videos);
  const part = (title, content) => {
    const isEmpty = Array.isArray(content) && !content.length;
    return content && !isEmpty && element("section", {}, element(`h${level}`, {}, title), content);
  };
  const group = (title, parts) =>
    parts.some(Boolean) && element("section", { class: "group" }, element("h2", {}, title), parts);
  const statements = (title, claims) =>
    part(
      title,
      claims.map((claim) => (isQuoting ? quoting : statement)(claim, batchId, `h${level + 1}`)),
    );
  const among = [
    statements(t`What several videos say`, digest.agreements),
    statements(subjectsOf(digest.themes, isQuoting), digest.themes),
    statements(t`Where they differ`, digest.differences),
    part(t`What to watch first`, order(digest.watch_order, batchId)),
  ];
  const about = [subjectOf(digest, isQuoting), isQuoting && [" ", onlyQuotes(digest)]].filter(Boolean);
  return {
    title: t`Digest`,
    element: element(
      "article",
      // Our own words stand on the side where those of the digest begin.
      { class: "digest page", dir: directionOf(digest.themes[0]?.text ?? digest.overview) },
      element(
        "header",
        {},
        crumb(places.batch(batchId), batchName(batch)),
        element("h1", {}, titleOf(digest, total, isQuoting)),
        digest.news && comparedWith(digest.news),
        about.length > 0 && element("p", { class: "soft" }, element("bdi", {}, about)),
        outdated && element("p", { class: "hint-box" }, element("bdi", {}, outdated)),
      ),
      // First what the videos are about: without it, nobody understands what is new in them.
      overview(digest, isQuoting),
      digest.news && !isNew && element("p", {}, element("bdi", {}, t`Nothing new was found compared with earlier videos.`)),
      isNew
        ? [group(t`New compared with earlier videos`, news(digest.news, statements)), group(amongThem(digest), among)]
        : among,
      element(
        "footer",
        { class: "soft" },
        [...limits(digest), ...(digest.notes ?? []).map(translated)].map((note) => element("p", {}, element("bdi", {}, note))),
        element("p", {}, join(translated(digest.model_label), digest.cost_usd > 0 ? dollars(digest.cost_usd) : t`free`)),
      ),
    ),
  };
}

/** The built-in model writes nothing of its own. */
function titleOf({ videos: covered, news: compared }, total, isQuoting) {
  const videos = counted(total, "video");
  const some = covered < total && number(covered);
  if (isQuoting) return some ? t`Quotations from ${some} of ${videos}` : t`Quotations from ${videos}`;
  if (some) return t`Digest of ${some} of ${videos}`;
  return t`Digest of ${compared ? counted(total, "new video") : videos}`;
}

function notThere(batch) {
  const { id, digest } = batch;
  const [title, text] = digest?.error
    ? [t`There is no digest`, explained(digest.error)]
    : [
        t`There is no digest yet`,
        t`A digest is written after the last video, if you asked for one when you created the batch.`,
      ];
  return notFound(title, text, [places.batch(id), t`Go to “${batchName(batch)}”`]);
}

/** What the videos are about together. That of quotations from several videos is said in the language of the page. */
function overview({ videos, overview: text, overview_check: check, themes }, isQuoting) {
  const lead = (content, check = null) => element("div", { class: "prose lead" }, content, digestRemark(check));
  if (!isQuoting || videos === 1) return lead(prose(text), check);
  const shared = themes.filter((theme) => !isOfOne(theme));
  if (!shared.length) return null; // the headline says that each is on something else
  const titles = shared.map(({ title }, index) => [index > 0 && "; ", element("bdi", {}, title)]);
  return lead(element("p", {}, element("bdi", {}, nodes`Several videos speak of: ${titles}.`)));
}

function subjectsOf(themes, isQuoting) {
  if (!isOfOneEach(themes)) return t`Themes`;
  return isQuoting ? t`From each video` : t`What each video is about`;
}

function amongThem({ videos }) {
  return videos === 1 ? t`In the new video` : t`Across the new videos`;
}

/** Says what the digest is; one of quotations also needs its headings explained, one of news has headings that say it. */
function subjectOf({ videos, news: compared, agreements, differences, themes, watch_order: watchOrder }, isQuoting) {
  if (isQuoting && videos === 1) return t`What the video says, word for word.`;
  if (isQuoting)
    return agreements.length || !isOfOneEach(themes)
      ? t`What the videos say, word for word. The headings are words that they share or that stand out.`
      : t`A typical sentence from each video, word for word. The headings are words that stand out.`;
  if (compared) return null;
  if (videos === 1) return t`What the video says.`;
  if (!watchOrder.length) return t`What the videos have in common, and what each of them says.`;
  return differences.length > 0
    ? t`What the videos have in common, where they differ, and which to watch first.`
    : t`What the videos have in common, and which to watch first.`;
}

function hasNothing({ new: subjects, beyond, contradictions }) {
  return !subjects.length && !beyond.length && !contradictions.length;
}

/** What the run of a follow adds to earlier runs. */
function news({ new: subjects, beyond, contradictions, by_words: byWords }, statements) {
  return [
    statements(byWords ? t`Not mentioned in earlier videos` : t`New subjects`, subjects),
    statements(byWords ? t`More on subjects of earlier videos` : t`Goes beyond earlier videos`, beyond),
    statements(t`Contradicts earlier videos`, contradictions),
  ];
}

function onlyQuotes({ model_label: model }) {
  const link = element("a", { href: places.home }, t`your next batch`);
  return nodes`Made with “${translated(model)}”, which only quotes. For a digest in new words, choose a language model in ${link}.`;
}

/** What the comparison cannot do. */
function limits({ news: compared }) {
  return compared?.by_words
    ? [t`Compared by shared words with the summaries of ${earlier(compared)}; contradictions are not detected.`]
    : [];
}

/** The earlier videos of the comparison: the first ones by name, and unfolded, each with its summary. */
function comparedWith({ earlier: known, videos }) {
  const words = t`Compared with ${earlier({ videos })}`;
  if (!known.length) return element("p", {}, words);
  const named = known.slice(0, NAMED).map((video) => isolated(videoName(video)));
  const others = videos - named.length;
  const names = listed(others > 0 ? [...named, t`${number(others)} more`] : named);
  const note = known.length < videos && t`Only the latest ${number(known.length)} are listed, without deleted ones.`;
  return element(
    "details",
    { class: "compared" },
    element("summary", {}, element("b", {}, words), element("span", { class: "soft names" }, ": ", names)),
    note && element("p", { class: "soft" }, note),
    evidenceList(known, { class: "evidence earlier", "aria-label": t`Earlier videos` }, (ref) => ref.batch_id),
  );
}

function earlier({ videos }) {
  return counted(videos, "earlier video");
}

/** Whether each theme is that of a single video. */
function isOfOneEach(themes) {
  return themes.every(isOfOne);
}

function isOfOne({ evidence }) {
  return new Set(evidence.map(({ item_id: id }) => id)).size === 1;
}

/** Quotations with the marks of the page's language. */
function withOurMarks(text) {
  return text.replace(QUOTATION, (_, quoted) => t`“${quoted}”`);
}

/** Each quotation with its place below; the last ones are those of earlier videos. */
function quoting(claim, batchId, heading) {
  const { title, text, evidence, earlier: before = null, check } = claim;
  const quotations = text.match(QUOTATION) ?? [];
  const [subject, ...others] = text.split(quotations.join(" "));
  const amount = quotations.length - (before?.length ?? 0); // of these videos
  const isWhole = others.join("") === "" && (subject === "" || subject.endsWith(": "));
  if (!isWhole || amount < 1 || amount > evidence.length)
    return statement({ ...claim, text: withOurMarks(text) }, batchId, heading);
  const rest = evidence.slice(amount);
  return element(
    "div",
    { class: "statement", dir: "auto" },
    (title || subject) && element(heading, {}, title || subject.replace(/: $/, "")),
    quotations.map((quotation, index) => {
      const isNow = index < amount;
      return element(
        "figure",
        { class: "quotation", dir: "auto" },
        before && userText("figcaption", isNow ? t`Now` : t`Before`),
        element("blockquote", {}, withOurMarks(quotation)),
        isNow ? sources([evidence[index]], batchId) : earlierSources([before[index - amount]]),
      );
    }),
    rest.length > 0 && labelled(t`Also in`, sources(rest, batchId)),
    digestRemark(check),
  );
}

function statement({ title, text, evidence, earlier: before, check }, batchId, heading) {
  return element(
    "div",
    { class: "statement", dir: "auto" },
    title && element(heading, {}, title),
    element("p", { dir: title && "auto" }, text),
    before ? labelled(t`Now`, sources(evidence, batchId)) : sources(evidence, batchId),
    before && labelled(t`Before`, earlierSources(before)),
    digestRemark(check),
  );
}

function labelled(label, list) {
  return element("div", { class: "labelled" }, element("p", {}, label), list);
}

function sources(refs, batchId) {
  return evidenceList(refs, { class: "evidence", "aria-label": t`Said in` }, () => batchId);
}

function earlierSources(refs) {
  return evidenceList(refs, { class: "evidence earlier", "aria-label": t`Said before in` }, (ref) => ref.batch_id);
}

function evidenceList(refs, attributes, batchOf) {
  return element(
    "ul",
    attributes,
    byVideo(refs).map((moments) => element("li", { dir: "auto" }, reference(moments, batchOf(moments[0])))),
  );
}

/** Returns the moments of each video, in the order of the videos' first ones. */
function byVideo(refs) {
  const keyOf = ({ batch_id: batchId, item_id: itemId }) => [batchId, itemId].join();
  return [...new Set(refs.map(keyOf))].map((key) => refs.filter((ref) => keyOf(ref) === key));
}

function reference(moments, batchId) {
  const [video] = moments;
  return [
    element("a", { href: places.video(batchId, video.item_id) }, videoName(video)),
    moments.map(
      ({ start_seconds: start }) =>
        start !== null &&
        externalLink(
          videoTime(video.video_id, start),
          { class: "time", "aria-label": t`Watch from ${clockTime(start)}` },
          clockTime(start),
        ),
    ),
    video.described && element("span", { class: "caption-source" }, captionSource("description")),
  ];
}

function order(entries, batchId) {
  return (
    entries.length > 0 &&
    element(
      "ol",
      { class: "watch-order" },
      entries.map(({ reason, video }) => element(
          "li",
          { dir: "auto" },
          element("div", { class: "reference" }, reference([video], batchId)),
          reason && userText("p", reason),
        ),
      ),
    )
  );
}
