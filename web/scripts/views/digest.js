// The digest of a batch: what its videos say together, each statement with its sources.

import { batchName, videoName } from "../batch-names.js";
import { captionSource } from "../caption-source.js";
import { coverageNote } from "../digest-coverage.js";
import { directionOf, element, userText, externalLink } from "../dom.js";
import { clockTime, counted, dollars, join, number, videoTime } from "../format.js";
import { prose } from "../markdown.js";
import { places } from "../router.js";
import { explained, nodes, t, translated } from "../texts.js";
import { crumb } from "./crumb.js";
import { notFound } from "./error.js";
import { digestRemark } from "./remark.js";

const QUOTING = "extractive"; // the built-in model
const QUOTATION = /“([^”]*)”/g;

export async function digestView({ api }, { parameters: { batchId } }) {
  const found = (address) => api.get(address).catch((error) => (error.status === 404 ? null : Promise.reject(error)));
  const [digest, batch] = await Promise.all([
    found(`batch/${batchId}/digest`),
    found(`batch/${batchId}?items=false`),
  ]);
  if (!batch) return notFound();
  if (!digest) return notThere(batch);
  const isQuoting = digest.model === QUOTING;
  const total = batch.progress.total - batch.progress.skipped;
  const outdated = coverageNote(batch, digest.videos);
  const direction = directionOf(digest.themes[0]?.text ?? digest.overview);
  const part = (title, content) => {
    const isEmpty = Array.isArray(content) && !content.length;
    return content && !isEmpty && element("section", {}, element("h2", { dir: direction }, title), content);
  };
  const statements = (title, claims) =>
    part(
      title,
      claims.map((claim) => (isQuoting ? quoting(claim, batchId) : statement(claim, batchId))),
    );
  return {
    title: t`Digest`,
    element: element(
      "article",
      { class: "digest page" },
      element(
        "header",
        {},
        crumb(places.batch(batchId), batchName(batch)),
        element("h1", {}, titleOf(digest, total, isQuoting)),
        element("p", { class: "soft" }, subjectOf(digest, isQuoting), isQuoting && [" ", onlyQuotes()]),
        outdated && element("p", { class: "hint-box" }, outdated),
        digest.news && earlierVideos(digest.news),
      ),
      // First what the videos are about: without it, nobody understands what is new in them.
      digest.news
        ? [part(whatIsNew(digest), overview(digest, isQuoting)), news(digest.news, statements)]
        : overview(digest, isQuoting),
      statements(t`What several videos say`, digest.agreements),
      statements(subjectsOf(digest.themes, isQuoting), digest.themes),
      statements(t`Where they differ`, digest.differences),
      part(t`What to watch first`, order(digest.watch_order, batchId)),
      element(
        "footer",
        { class: "soft" },
        [...limits(digest), ...(digest.notes ?? []).map(translated)].map((note) => userText("p", note)),
        element("p", {}, join(translated(digest.model_label), digest.cost_usd > 0 ? dollars(digest.cost_usd) : t`free`)),
      ),
    ),
  };
}

/** The built-in model writes nothing of its own. */
function titleOf({ videos: covered }, total, isQuoting) {
  const videos = counted(total, "video");
  const some = covered < total && number(covered);
  if (isQuoting) return some ? t`Quotations from ${some} of ${videos}` : t`Quotations from ${videos}`;
  return some ? t`Digest of ${some} of ${videos}` : t`Digest of ${videos}`;
}

function notThere({ id, digest }) {
  const [title, text] = digest?.error
    ? [t`There is no digest`, explained(digest.error)]
    : [
        t`There is no digest yet`,
        t`A digest is written after the last video, if you asked for one when you created the batch.`,
      ];
  return notFound(title, text, [places.batch(id), t`Go to the batch`]);
}

/** What the videos are about together. That of quotations from several videos is said in the language of the page. */
function overview({ videos, overview: text, overview_check: check, themes }, isQuoting) {
  const lead = (content, check = null) => element("div", { class: "prose lead" }, content, digestRemark(check));
  if (!isQuoting || videos === 1) return lead(prose(text), check);
  const shared = themes.filter((theme) => !isOfOne(theme));
  if (!shared.length) return null; // the headline says that each is on something else
  const titles = shared.map(({ title }, index) => [index > 0 && "; ", element("bdi", {}, title)]);
  return lead(element("p", {}, nodes`Several videos speak of: ${titles}.`));
}

function subjectsOf(themes, isQuoting) {
  if (!isOfOneEach(themes)) return t`Themes`;
  return isQuoting ? t`From each video` : t`What each video is about`;
}

function whatIsNew({ videos }) {
  return videos === 1 ? t`The new video` : t`The new videos together`;
}

/** Says what the digest is; one of quotations also needs its headings explained. */
function subjectOf(digest, isQuoting) {
  return digest.videos === 1 ? subjectOfOne(digest, isQuoting) : subjectOfSeveral(digest, isQuoting);
}

/** A single video has nothing in common with others; its digest says what it adds to earlier ones. */
function subjectOfOne({ news: compared }, isQuoting) {
  const says = isQuoting ? t`What the video says, word for word.` : t`What the video says.`;
  if (!compared || hasNothing(compared)) return says;
  const added = t`What this video adds to ${earlier(compared)}.`;
  return isQuoting ? `${added} ${says}` : added;
}

function subjectOfSeveral({ news: compared, agreements, themes, watch_order: watchOrder }, isQuoting) {
  const added = compared && !hasNothing(compared) && t`What these videos say together, and what they add to ${earlier(compared)}.`;
  if (isQuoting) {
    const quoted = agreements.length || !isOfOneEach(themes)
      ? t`What the videos say, word for word. The headings are words that they share or that stand out.`
      : t`A typical sentence from each video, word for word, below the words that set the video apart.`;
    return [added, quoted].filter(Boolean).join(" ");
  }
  if (added) return added;
  return watchOrder.length > 0
    ? t`What the videos have in common, where they differ, and which to watch first.`
    : t`What the videos have in common, and what each of them says.`;
}

function hasNothing({ new: subjects, beyond, contradictions }) {
  return !subjects.length && !beyond.length && !contradictions.length;
}

/** What the run of a follow adds to earlier runs. */
function news(compared, statements) {
  if (hasNothing(compared)) return element("p", {}, t`Nothing new was found compared with ${earlier(compared)}.`);
  const { new: subjects, beyond, contradictions, by_words: byWords } = compared;
  return [
    statements(byWords ? t`Not mentioned in earlier videos` : t`New compared with earlier videos`, subjects),
    statements(byWords ? t`More on subjects of earlier videos` : t`Goes beyond what was said before`, beyond),
    statements(t`Contradicts what was said before`, contradictions),
  ];
}

function onlyQuotes() {
  const link = element("a", { href: places.home }, t`your next batch`);
  return nodes`This model only quotes. For a digest in new words, choose a language model in ${link}.`;
}

/** What the comparison cannot do. */
function limits({ news: compared }) {
  return compared?.by_words
    ? [t`Compared by shared words with the summaries of ${earlier(compared)}; contradictions are not detected.`]
    : [];
}

/** The earlier videos of the comparison, each with its summary. */
function earlierVideos({ earlier: listed, videos }) {
  if (!listed.length) return null;
  const note = listed.length < videos && t`Only the latest ${number(listed.length)} are listed, without deleted ones.`;
  return element(
    "details",
    { class: "compared" },
    element("summary", {}, t`Compared with the summaries of ${earlier({ videos })} from the same channel or playlist`),
    note && element("p", { class: "soft" }, note),
    evidenceList(listed, { class: "evidence earlier", "aria-label": t`Earlier videos` }, (ref) => ref.batch_id),
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
function quoting(claim, batchId) {
  const { title, text, evidence, earlier: before = null, check } = claim;
  const quotations = text.match(QUOTATION) ?? [];
  const [subject, ...others] = text.split(quotations.join(" "));
  const amount = quotations.length - (before?.length ?? 0); // of these videos
  const isWhole = others.join("") === "" && (subject === "" || subject.endsWith(": "));
  if (!isWhole || amount < 1 || amount > evidence.length)
    return statement({ ...claim, text: withOurMarks(text) }, batchId);
  const rest = evidence.slice(amount);
  return element(
    "div",
    { class: "statement", dir: "auto" },
    (title || subject) && element("h3", {}, title || subject.replace(/: $/, "")),
    quotations.map((quotation, index) => {
      const isNow = index < amount;
      return element(
        "figure",
        { class: "quotation", dir: "auto" },
        before && userText("figcaption", isNow ? t`Now` : t`Before`, { class: "soft" }),
        element("blockquote", {}, withOurMarks(quotation)),
        isNow ? sources([evidence[index]], batchId) : earlierSources([before[index - amount]]),
      );
    }),
    rest.length > 0 && labelled(t`Also in`, sources(rest, batchId)),
    digestRemark(check),
  );
}

function statement({ title, text, evidence, earlier: before, check }, batchId) {
  return element(
    "div",
    { class: "statement", dir: "auto" },
    title && element("h3", {}, title),
    element("p", { dir: title && "auto" }, text),
    before ? labelled(t`Now`, sources(evidence, batchId)) : sources(evidence, batchId),
    before && labelled(t`Before`, earlierSources(before)),
    digestRemark(check),
  );
}

function labelled(label, list) {
  return element("div", { class: "labelled" }, element("p", { class: "soft" }, label), list);
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
    moments.map(
      ({ start_seconds: start }) =>
        start !== null &&
        externalLink(
          videoTime(video.video_id, start),
          { class: "time", "aria-label": t`Watch from ${clockTime(start)}` },
          clockTime(start),
        ),
    ),
    element("a", { href: places.video(batchId, video.item_id) }, videoName(video)),
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
