// Every summary of every batch, newest first, with a search.

import { batchName } from "../batch-names.js";
import { button, element, factsLine, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { check, field } from "../fields.js";
import { counted, dayAndTime, join, lengthOf, number } from "../format.js";
import { icon } from "../icons.js";
import { attempt } from "../notices.js";
import { places, rewrite } from "../router.js";
import { excerpt, findIn, marked } from "../search-marks.js";
import { queryOf, wordsOf } from "../selection.js";
import { lengthName } from "../summary-settings.js";
import { t, translated } from "../texts.js";
import { passage, placeOf } from "./passage.js";

const PAGE = 100; // summaries in one request
const AT_ONCE = 3; // requests for the next videos
const WHOLE_AT_ONCE = 25; // the same for a search in whole summaries, 200 in each request
const VIDEO_ID = /^[\w-]{11}$/;

export function historyView({ api }, { query }) {
  const words = element("input", {
    type: "search",
    placeholder: t`Title, channel, tag, first lines, or video ID`,
    dir: "auto",
    maxlength: 100,
    autocomplete: "off",
    value: query.get("q") ?? "",
  });
  const whole = element("input", { type: "checkbox", checked: query.has("whole") });
  const from = element("input", { type: "date", value: query.get("from") ?? "" });
  const to = element("input", { type: "date", value: query.get("to") ?? "" });
  const list = element("ul", { class: "history-list" });
  const status = element("p", { class: "soft", role: "status" });
  const begin = element("a", { class: "button primary", href: places.home, hidden: true }, t`Summarize videos`);
  const more = button({ hidden: true, onclick: () => attempt(read) }, t`Show more`);
  const videos = new Map(); // by id, what is listed of each
  let amount = 0; // of the summaries read so far
  let searched = 0; // whole summaries
  let cursor = null; // after the last page that was read
  let isById = false; // whether the text is taken for the id of a video
  let reading = new AbortController();
  let wanted = asked();

  /** Returns the query, for the API and for our own address. */
  function asked() {
    const text = words.value.trim();
    const isWhole = whole.checked && wordsOf(text).length > 0;
    const fields = { q: text, whole: isWhole && "true", from: from.value, to: to.value };
    return new URLSearchParams(Object.entries(fields).filter(([, value]) => value));
  }

  async function search() {
    wanted = asked();
    rewrite(wanted.size ? `${places.history}?${wanted}` : places.history);
    replaceChildren(list);
    videos.clear();
    amount = searched = 0;
    cursor = null;
    isById = !wanted.has("whole") && isLikeId(wanted.get("q") ?? "");
    setHidden(more, true);
    await attempt(read);
  }

  async function submit(event) {
    event.preventDefault();
    await search();
  }

  /**
   * Reads on while nothing new is to show, because a search may return few entries, and others may be of listed videos; a
   * search in whole summaries, which takes long, shows what it finds as it goes on.
   */
  async function read() {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    status.className = "soft";
    setText(status, t`Searching …`);
    setHidden(begin, true);
    try {
      await readOn(signal);
    } catch (error) {
      if (!signal.aborted) setText(status, amount || searched ? found() : "");
      throw error;
    } finally {
      if (!signal.aborted) setHidden(more, cursor === null);
    }
    status.className = amount ? "soft" : "empty";
    setText(status, amount || (wanted.has("whole") && cursor) ? found() : nothing());
    setHidden(begin, amount > 0 || wanted.size > 0);
  }

  /** Adds each page as it comes, so that an error loses none. */
  async function readOn(signal) {
    const before = videos.size;
    const isWhole = wanted.has("whole");
    const most = isWhole ? WHOLE_AT_ONCE : AT_ONCE;
    let requests = 0;
    let isMore = true;
    while (isMore && (isWhole || videos.size === before) && requests < most) {
      const { data: page } = await api.request("GET", `summaries?${parameters()}`, { signal });
      for (const summary of page.summaries) show(summary);
      amount += page.summaries.length;
      searched += page.searched ?? 0;
      cursor = page.next_cursor;
      if (isWhole) setText(status, `${found()} …`);
      requests += 1;
      const isNoId = isById && amount === 0 && cursor === null; // but a word of eleven letters
      if (isNoId) isById = false;
      isMore = cursor !== null || isNoId;
    }
  }

  /** Lists a video once, with its latest summary, which comes first; the earlier ones, of other batches, are folded. */
  function show(summary) {
    const known = videos.get(summary.video_id);
    if (known) return known.add(summary);
    const video = videoEntry(api, summary, wanted.get("q") ?? "");
    videos.set(summary.video_id, video);
    list.append(video.element);
  }

  function parameters() {
    const request = new URLSearchParams(wanted);
    request.set("limit", String(PAGE));
    if (cursor) request.set("cursor", cursor);
    if (isById) {
      request.set("video_id", request.get("q") ?? "");
      request.delete("q");
    }
    return request;
  }

  function found() {
    const all = counted(videos.size, "video");
    if (wanted.has("whole")) return t`${all} found, ${counted(searched, "summary", "summaries")} searched`;
    if (!wanted.size) return cursor ? t`The latest ${all}` : all;
    return cursor ? t`${all} found so far` : t`${all} found`;
  }

  function nothing() {
    return wanted.size
      ? t`Nothing found. Try other words.`
      : t`No summaries yet. Every summary you make is listed here, whichever batch it belongs to.`;
  }

  const form = element(
    "form",
    { class: "history-search", role: "search", onsubmit: submit },
    field(t`Search`, "", words),
    field(t`Summarized from`, "", from),
    field(t`Summarized until`, "", to),
    element("button", { class: "primary" }, icon("search"), t`Search`),
    check(t`Search key points, chapters and all other text too`, t`This takes longer.`, whole),
  );
  const about = element("p", { class: "soft" }, t`Every summary you have, from all batches, newest first.`);
  search();
  return {
    title: t`Summaries`,
    element: element(
      "section",
      { class: "page history" },
      element("h1", {}, t`Summaries`),
      about,
      form,
      status,
      begin,
      list,
      more,
    ),
    close: () => reading.abort(),
  };
}

/** Whether a text may be the id of a video, as “fine-tuning” may be, too. */
function isLikeId(text) {
  return VIDEO_ID.test(text) && /[\d_-]|[a-z][A-Z]/.test(text);
}

/** Returns the entry of a video, with marks around the words of the search, and `add`, which folds an earlier summary into it. */
function videoEntry(api, latest, q) {
  const words = wordsOf(q);
  const label = element("summary", {});
  const list = element("ul", {});
  const earlier = element("details", { hidden: true, ontoggle: () => earlier.open && nameBatches() }, label, list);
  const links = new Map(); // of the earlier summaries, by batch

  function add(summary) {
    const link = element("a", { href: places.summary(summary.id) }, t`Summary`);
    links.set(summary.batch_id, link);
    list.append(element("li", {}, link, element("span", { class: "soft" }, "\u00a0· ", howMade(summary))));
    setText(label, t`Also in ${counted(links.size, "other batch", "other batches")}`);
    setHidden(earlier, false);
    if (earlier.open) nameBatches();
  }

  /** Names the batches once somebody asks which they are. */
  async function nameBatches() {
    const unnamed = [...links].filter(([, link]) => !link.dataset.named);
    for (const [batchId, link] of unnamed) {
      link.dataset.named = "yes";
      const batch = await api.get(`batch/${batchId}?items=false`).catch(() => null);
      if (batch) link.replaceChildren(userText("bdi", batchName(batch)));
    }
  }

  const match = latest.match?.statement ? latest.match : null;
  const query = match ? queryOf({ q, at: placeOf(match) }) : "";
  const withMarks = (text) => marked(text, findIn(text)(words));
  const tags = latest.tags.filter((tag) => findIn(tag)(words).length > 0);
  return {
    add,
    element: element(
      "li",
      {},
      element(
        "a",
        { class: "card", href: places.summary(latest.id, query), dir: "auto" },
        element("b", {}, withMarks(latest.title)),
        element(
          "span",
          { class: "facts soft" },
          factsLine(latest.channel && withMarks(latest.channel), lengthOf(latest), ...waysMade(latest)),
        ),
        (match ?? latest.tldr) &&
          element("span", { class: "row-tldr", dir: "auto" }, match ? passage(match, words) : excerpt(latest.tldr, words)),
        tags.length > 0 && element("span", { class: "soft" }, tags.map((tag) => ["#", withMarks(tag), " "])),
      ),
      earlier,
    ),
  };
}

function howMade(summary) {
  return join(...waysMade(summary));
}

function waysMade({ model_label: model, length, summarized_at: moment }) {
  return [translated(model), t`length: ${lengthName(length)}`, dayAndTime(moment)];
}
