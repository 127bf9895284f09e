// All summaries of a batch, or of the selected videos, one below the other: to read, print and copy.

import { batchName, videoName } from "../batch-names.js";
import { button, element, replaceChildren, setHidden, setText } from "../dom.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { summaryMarkdown } from "../markdown.js";
import { attempt, notice, once } from "../notices.js";
import { QueuePages } from "../queue-pages.js";
import { ReadingMarks } from "../reading-marks.js";
import { places } from "../router.js";
import { isEverything, queryOf, select, selectionOf, wordsOf } from "../selection.js";
import { searchSummaries } from "../summary-search.js";
import { t } from "../texts.js";
import { crumb } from "./crumb.js";
import { noSuchBatch } from "./error.js";
import { markSummary, summarySheet } from "./summary.js";

const AT_ONCE = 20;

export async function allSummariesView({ api }, { parameters: { batchId }, query }) {
  const batch = await api.get(`batch/${batchId}?items=false`).catch((error) => {
    if (error.status !== 404) throw error;
    return null;
  });
  if (!batch) return noSuchBatch();
  const selection = selectionOf(query);
  const left = new AbortController();
  const summaries = summariesInTurn(api, batch, selection, left.signal);
  const list = element("ol", { class: "all-list" });
  const note = element("p", { class: "soft", role: "status" });
  const more = button({ onclick: () => attempt(readOn) }, t`Show more`);
  const missing = element(
    "p",
    { class: "on-paper" },
    t`Not all summaries are on this paper, because the page had not loaded the others yet. “Print all” loads them first.`,
  );
  const shown = [];
  let reading = null;
  let isAtEnd = false;

  /** Reads the next summaries; a further call while they are loading waits for the same ones. */
  function readOn() {
    reading ??= readMore().finally(() => (reading = null));
    return reading;
  }

  async function readMore() {
    setText(note, t`Loading …`);
    const { summaries: read, isLast } = await summaries.next().catch((error) => {
      setText(note, "");
      throw error;
    });
    isAtEnd = isLast;
    list.append(...read.map((summary, index) => entry(summary, shown.length + index + 1)));
    shown.push(...read);
    for (const each of [more, missing]) setHidden(each, isAtEnd);
    // Observe the end again, because the observer reports only changes of its visibility.
    whenInSight.unobserve(more);
    whenInSight.observe(more);
    setText(note, shown.length ? amount() : nothing());
  }

  function entry(summary, place) {
    const count = t`${number(place)} of ${number(summaries.amount())}`;
    const sheet = markSummary(summarySheet(summary), wordsOf(selection.q));
    return element("li", { id: entryId(summary.item_id) }, element("p", { class: "soft" }, count), sheet);
  }

  /** Reads on until the summary of this video is there, and goes to it. */
  async function goTo(itemId) {
    while (!isAtEnd && !shown.some((summary) => summary.item_id === itemId)) await readOn();
    document.getElementById(entryId(itemId))?.scrollIntoView();
  }

  /** The titles of all summaries; read only if somebody opens them. */
  function contents() {
    const titles = element("ol", {});
    const root = element("details", { class: "contents", ontoggle: open }, element("summary", {}, t`Contents`), titles);

    async function open() {
      if (!root.open || titles.children.length) return;
      const found = await attempt(() => summaries.titles());
      replaceChildren(
        titles,
        ...(found ?? []).map((item) =>
          element(
            "li",
            {},
            button({ class: "link", dir: "auto", onclick: () => attempt(() => goTo(item.id)) }, videoName(item)),
          ),
        ),
      );
    }

    return root;
  }

  /** The number of all of them; those further down are read when they come into sight. */
  function amount() {
    return counted(isAtEnd ? shown.length : summaries.amount(), "summary", "summaries");
  }

  function copyWords() {
    if (!isEverything(selection)) return t`Copy all as Markdown`;
    return t`Copy all ${number(batch.progress.completed)} as Markdown`;
  }

  function nothing() {
    return isEverything(selection) ? t`No video of this batch has a summary yet.` : t`No summary matches.`;
  }

  async function readAll() {
    while (!isAtEnd) await readOn();
    return shown;
  }

  async function copyAll() {
    const text = async () => {
      const all = await readAll();
      return new Blob([all.map(summaryMarkdown).join("\n---\n\n")], { type: "text/plain" });
    };
    // Ask the browser at once, while the click still counts as a user action; the text may follow.
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text() })]);
    notice(t`${counted(shown.length, "summary", "summaries")} copied.`);
  }

  const name = batchName(batch);
  const title = isEverything(selection) ? t`All summaries of “${name}”` : t`Selected summaries of “${name}”`;
  const whenInSight = new IntersectionObserver(([entry]) => entry.isIntersecting && !isAtEnd && attempt(readOn), {
    rootMargin: "1200px",
  });
  whenInSight.observe(more);
  return {
    title,
    element: element(
      "div",
      { class: "page reading all" },
      element(
        "header",
        { class: "all-head" },
        crumb(places.batch(batchId, queryOf(selection)), name),
        element("h1", { dir: "auto" }, title),
        element("p", { class: "soft" }, t`Read them in one go, print them, or copy them.`),
        element(
          "div",
          { class: "actions" },
          button({ onclick: once(() => attempt(copyAll)) }, icon("copy"), copyWords()),
          button({ onclick: once(() => attempt(async () => (await readAll(), print()))) }, icon("print"), t`Print all`),
        ),
        note,
        contents(),
      ),
      missing,
      list,
      more,
    ),
    close() {
      whenInSight.disconnect();
      left.abort();
    },
  };
}

/** Yields summaries of the selected videos in their order, some at a time; reads only the pages that it needs. */
function summariesInTurn(api, batch, selection, signal) {
  let problem = null;
  const pages = new QueuePages(api, batch.id, { onChange() {}, onError: (error) => (problem = error) });
  const marks = new ReadingMarks(api, batch.id, () => {});
  let chosen = null;
  let read = 0; // of the chosen ones
  let waiting = []; // ids of items whose summaries come next, kept until these are loaded

  async function need(first, last) {
    problem = null;
    await pages.need(first, last);
    if (problem) throw problem;
  }

  async function choose() {
    const { total, current_video: current } = batch.progress;
    if (isEverything(selection)) return Array.from({ length: total }, (_, place) => place);
    const [found] = await Promise.all([search(), need(0, total - 1), marks.load()]);
    return select(pages.all, selection, { currentId: current?.item_id, marks, isFound: (itemId) => found.has(itemId) });
  }

  /** Returns the ids of the videos whose summaries have the words of the search. */
  async function search() {
    const found = new Set();
    if (wordsOf(selection.q).length === 0) return found;
    for await (const { matches } of searchSummaries(api, batch.id, selection.q, { signal }))
      for (const match of matches) found.add(match.item_id);
    return found;
  }

  /** Returns the videos with a summary, all of them. */
  async function titles() {
    chosen ??= await choose();
    if (chosen.length) await need(chosen[0], chosen.at(-1));
    return chosen.map((place) => pages.at(place)).filter((item) => item?.status === "completed");
  }

  async function next() {
    chosen ??= await choose();
    for (; waiting.length < AT_ONCE && read < chosen.length; read += 1) {
      await need(chosen[read], chosen[read]);
      const item = pages.at(chosen[read]);
      if (item?.status === "completed") waiting.push(item.id);
    }
    const answer = waiting.length && (await api.get(`batch/${batch.id}/summaries?items=${waiting.join(",")}`));
    waiting = [];
    return { summaries: answer ? answer.summaries : [], isLast: read >= chosen.length };
  }

  /** How many there are, once the first ones are read: a selection is made of videos that are all known. */
  function amount() {
    if (isEverything(selection)) return batch.progress.completed;
    return chosen.filter((place) => pages.at(place)?.status === "completed").length;
  }

  return { next, titles, amount };
}

function entryId(itemId) {
  return `summary-${itemId}`;
}
