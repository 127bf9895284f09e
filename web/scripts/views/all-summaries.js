// All summaries of a batch, or of the selected videos, one below the other: to read, print and copy.

import { button, element, userText, setHidden, setText } from "../dom.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { summaryMarkdown } from "../markdown.js";
import { attempt, notice, once } from "../notices.js";
import { QueuePages } from "../queue-pages.js";
import { ReadingMarks } from "../reading-marks.js";
import { places } from "../router.js";
import { isEverything, queryOf, select, selectionOf } from "../selection.js";
import { t } from "../texts.js";
import { notFound } from "./error.js";
import { summarySheet } from "./summary.js";

const AT_ONCE = 20;

export async function allSummariesView({ api }, { parameters: { batchId }, query }) {
  const batch = await api.get(`batch/${batchId}?items=false`).catch((error) => {
    if (error.status !== 404) throw error;
    return null;
  });
  if (!batch) return notFound(t`There is no such batch`, t`It was deleted, or it belongs to another account.`);
  const selection = selectionOf(query);
  const summaries = summariesInTurn(api, batch, selection);
  const list = element("div", { class: "all-list" });
  const note = element("p", { class: "soft", role: "status" });
  const more = button({ onclick: () => attempt(readOn) }, t`Show more`);
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
    shown.push(...read);
    list.append(...read.map((summary) => summarySheet(summary)));
    setHidden(more, isAtEnd);
    // Observe the end again, because the observer reports only changes of its visibility.
    whenInSight.unobserve(more);
    whenInSight.observe(more);
    setText(note, shown.length ? amount() : nothing());
  }

  function amount() {
    const summaries = counted(shown.length, "summary", "summaries");
    if (isAtEnd) return summaries;
    if (!isEverything(selection)) return t`${summaries} so far`;
    return t`Showing ${number(shown.length)} of ${number(batch.progress.completed)}`;
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

  const whenInSight = new IntersectionObserver(([entry]) => entry.isIntersecting && !isAtEnd && attempt(readOn), {
    rootMargin: "1200px",
  });
  whenInSight.observe(more);
  return {
    title: t`All summaries of ${batch.name}`,
    element: element(
      "div",
      { class: "page reading all" },
      element(
        "header",
        { class: "all-head" },
        element(
          "p",
          { class: "crumb" },
          element("a", { href: places.batch(batchId, queryOf(selection)) }, t`All videos`),
        ),
        element("h1", {}, t`All summaries`),
        userText("p", batch.name),
        element(
          "div",
          { class: "actions" },
          button({ onclick: once(() => attempt(copyAll)) }, icon("copy"), t`Copy all as Markdown`),
          button({ onclick: once(() => attempt(async () => (await readAll(), print()))) }, icon("print"), t`Print all`),
        ),
        note,
      ),
      list,
      more,
    ),
    close: () => whenInSight.disconnect(),
  };
}

/** Yields summaries of the selected videos in their order, some at a time; reads only the pages that it needs. */
function summariesInTurn(api, batch, selection) {
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
    await Promise.all([need(0, total - 1), marks.load()]);
    return select(pages.all, selection, { currentId: current?.item_id, marks });
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

  return { next };
}
