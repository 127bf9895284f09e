// The reader: the summary of one video, or the reason why there is none. It replaces the queue while it is open.

import { isPassing } from "../api.js";
import { videoName } from "../batch-names.js";
import { button, element, externalLink, factsLine, replaceChildren, setHidden, setText } from "../dom.js";
import { lengthOf, moment, number, uploaded } from "../format.js";
import { icon } from "../icons.js";
import { once } from "../notices.js";
import { wordsOf } from "../selection.js";
import { t, translated } from "../texts.js";
import { advicePart, triesAgain } from "./advice.js";
import { captionPlace, giveTo, lacksCaptions, takeDrops } from "./give-captions.js";
import { markSummary, moreFromChannel, statementAt, summarySheet, watchLink } from "./summary.js";
import { withTranscript } from "./transcript-tab.js";

const READ_AFTER_MS = 4_000;
const AGAIN_MS = 3_000; // between two attempts to read a summary
const LATER = new Set(["video_not_live_yet", "video_not_ready"]); // a retry helps, but not now

export function itemPanel(context, queue) {
  const content = element("div", { class: "panel-content", tabindex: "-1" });
  const place = element("span", { class: "soft panel-place" });
  const before = button(
    { class: "quiet", onclick: () => step(-1), "aria-keyshortcuts": "k" },
    icon("up"),
    element("span", { class: "name" }, t`Previous`),
  );
  const after = button(
    { class: "quiet", onclick: () => step(1), "aria-keyshortcuts": "j" },
    icon("down"),
    element("span", { class: "name" }, t`Next`),
  );
  const close = button(
    { class: "quiet", onclick: () => context.close() },
    icon("left"),
    element("span", { class: "back" }, t`All videos`),
  );
  const star = button(
    {
      class: "quiet icon-only star",
      "aria-keyshortcuts": "s",
      onclick: () => opened && context.mark([opened], { starred: !context.marks.isStarred(opened) }),
    },
    icon("star"),
  );
  const readMark = element("span", {});
  const unread = button(
    { class: "quiet unread", "aria-keyshortcuts": "u", onclick: () => opened && markRead(!context.marks.isRead(opened)) },
    icon("unread"),
    readMark,
  );
  const root = element(
    "section",
    { class: "panel", "aria-label": t`Video`, hidden: true },
    element("div", { class: "panel-bar" }, close, place, unread, star, before, after),
    content,
  );
  let opened = null;
  let drawn = "";
  let sought = null; // the statement to go to, as the address names it
  let shown = null; // the id of the video whose summary is shown
  let isDecided = false; // whether its reader has said that it is read or unread
  let timer = 0;
  let retrying = 0;

  async function open(itemId, at) {
    leave();
    if (!itemId && opened) queue.focus(opened);
    opened = itemId ?? null;
    sought = at;
    isDecided = false;
    drawn = "";
    setHidden(root, !opened);
    if (!opened) return;
    replaceChildren(content, element("p", { class: "soft" }, t`Searching …`));
    content.focus({ preventScroll: true });
    scrollTo({ top: 0 });
    refresh();
  }

  /** Shows the current state of the video; repeating it changes nothing. */
  async function refresh() {
    const wanted = opened;
    if (!wanted || !context.batch) return;
    const item = await queue.locate(wanted);
    if (wanted !== opened) return;
    before.disabled = !queue.hasBeside(wanted, -1);
    after.disabled = !queue.hasBeside(wanted, 1);
    setText(place, queue.placeOf(wanted));
    drawMarks(item);
    const current = context.batch.progress.current_video;
    const state = JSON.stringify([
      wanted,
      item?.status,
      item?.error,
      item?.title,
      item?.summary_id,
      item?.redo,
      current?.item_id === wanted,
      context.batch.pause,
    ]);
    if (state === drawn) return;
    drawn = state;
    const sheet = await sheetOf(item, current);
    if (wanted !== opened) return;
    const isInUse = content.contains(document.activeElement);
    replaceChildren(content, sheet);
    // Somebody who has pressed Retry goes on where they were.
    if (isInUse && !content.contains(document.activeElement)) content.focus({ preventScroll: true });
    const statement = statementAt(sheet, sought);
    if (!statement) return;
    sought = null; // the sheet may be drawn again while it is read
    statement.focus({ preventScroll: true });
    statement.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** Only a summary can be read and starred. */
  function drawMarks(item) {
    for (const mark of [unread, star]) setHidden(mark, item?.status !== "completed");
    const isRead = context.marks.isRead(opened);
    unread.classList.toggle("is-read", isRead);
    setText(readMark, isRead ? t`Mark as unread` : t`Mark as read`);
    const isStarred = context.marks.isStarred(opened);
    star.setAttribute("aria-pressed", String(isStarred));
    star.setAttribute("aria-label", isStarred ? t`Remove the star` : t`Star`);
  }

  /** Marks a summary as read after a while, or when the reader moves on. */
  function beginReading(itemId) {
    clearTimeout(timer);
    if (isDecided) return;
    shown = itemId;
    timer = setTimeout(noteRead, READ_AFTER_MS);
  }

  /** Marks the summary as its reader wants it; it stays so when they move on. */
  function markRead(read) {
    clearTimeout(timer);
    shown = null;
    isDecided = true;
    context.mark([opened], { read });
  }

  function leave() {
    clearTimeout(timer);
    if (shown) noteRead();
    shown = null;
  }

  /** Marks the video as read; after an error it just stays unread. */
  function noteRead() {
    context.marks.mark([shown], { read: true }).catch(() => {});
  }

  function sheetOf(item, current) {
    if (!item) return element("div", { class: "empty" }, element("h2", {}, t`There is no such video in this batch`));
    if (item.status === "completed") return completed(item, current?.item_id === item.id);
    return item.status === "failed" && current?.item_id !== item.id
      ? failed(item)
      : waiting(item, current?.item_id === item.id);
  }

  async function completed(item, isCurrent) {
    try {
      const summary = await context.app.api.get(`summaries/${item.summary_id}`);
      if (item.id === opened) beginReading(item.id);
      const marked = markSummary(summarySheet(summary), wordsOf(context.selection.q));
      const sheet = withTranscript(context.app.api, marked, summary);
      return item.redo ? element("div", { class: "redone" }, element("p", { class: "remark" }, again(isCurrent)), sheet) : sheet;
    } catch (error) {
      if (item.id !== opened) return null; // another one is shown meanwhile, or none
      drawn = "";
      if (!isPassing(error)) return unshown(error.message, button({ onclick: refresh }, t`Try again`));
      clearTimeout(retrying);
      retrying = setTimeout(refresh, AGAIN_MS);
      return unshown(t`It will appear here as soon as Skimlist is back.`);
    }
  }

  function failed(item) {
    const earlier = item.errors.slice(0, -1).reverse();
    const lacks = lacksCaptions(item);
    const { retryable, code } = item.error;
    const retry = button(
      { class: retryable && !lacks && !LATER.has(code) ? "primary" : "", onclick: once(() => queue.retry(item)) },
      icon("retry"),
      retryable ? t`Retry` : t`Retry anyway`,
    );
    const sheet = element(
      "article",
      { class: "failure" },
      heading(item),
      element(
        "div",
        { class: "failure-words" },
        icon("warn"),
        element(
          "div",
          {},
          element("p", {}, element("b", {}, translated(item.error.message))),
          advicePart(context.app.session, item.error.advice),
        ),
      ),
      lacks && captionPlace(context, item),
      element(
        "div",
        { class: "actions" },
        retry,
        button({ onclick: once(() => queue.leaveOut(item)) }, icon("skip"), t`Leave it out`),
      ),
      earlier.length > 0 &&
        element(
          "section",
          {},
          element("h3", {}, t`Earlier attempts`),
          element(
            "ul",
            {},
            earlier.map((past) => element("li", {}, `${moment(past.at)}: ${translated(past.message)}`)),
          ),
        ),
    );
    if (lacks) takeDrops(sheet, (files) => giveTo(context, item, files));
    return sheet;
  }

  function waiting(item, isCurrent) {
    const text = isCurrent
      ? t`This video is being processed. Its summary appears here as soon as it is done.`
      : item.status === "skipped"
        ? leftOut(item)
        : inQueue(item);
    const back = () => button({ onclick: once(() => queue.putBack(item)) }, icon("retry"), t`Put back`);
    return element(
      "article",
      { class: "failure" },
      heading(item),
      element("p", {}, text),
      queue.canPutBack(item) && element("div", { class: "actions" }, back()),
    );
  }

  /** Says where a video waits, and why the batch does if it is paused. */
  function inQueue({ position }) {
    const { pause, progress } = context.batch;
    const place = t`This video is number ${number(position)} of ${number(progress.total)} in the queue.`;
    if (!pause) return place;
    const cause = translated(pause.message);
    const isByUser = pause.code === "paused_by_user"; // which its message says already
    const why = pause.until ? t`The batch is waiting: ${cause}` : isByUser ? cause : t`The batch is paused: ${cause}`;
    return [place, why, pause.until && triesAgain(pause)].filter(Boolean).join(" ");
  }

  async function step(by) {
    const from = opened;
    const next = await queue.beside(from, by);
    if (next && from === opened) context.open(next.id);
  }

  /** Handles j, k, s and u, as in readers of feeds and email, and the left and right arrows, except while somebody types. */
  function onKey(event) {
    const isElsewhere = event.target.closest?.("input, textarea, select, dialog");
    if (!opened || isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
    const acts = {
      s: () => star.hidden || star.click(),
      u: () => unread.hidden || unread.click(),
      j: () => step(1),
      ArrowRight: () => step(1),
      k: () => step(-1),
      ArrowLeft: () => step(-1),
    };
    const act = event.key === "Escape" ? () => context.close() : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  document.addEventListener("keydown", onKey);
  return {
    element: root,
    open,
    refresh,
    stop() {
      leave();
      opened = null;
      clearTimeout(retrying);
      document.removeEventListener("keydown", onKey);
    },
  };
}

function unshown(...content) {
  return element(
    "div",
    { class: "empty" },
    element("h2", {}, t`The summary can’t be shown right now`),
    content.map((each) => (typeof each === "string" ? element("p", {}, each) : each)),
  );
}

function heading(item) {
  return element(
    "header",
    { dir: "auto" },
    element("h2", {}, videoName(item)),
    element(
      "p",
      { class: "facts soft" },
      factsLine(item.channel, lengthOf(item), uploaded(item), watchLink(item), moreFromChannel(item)),
    ),
  );
}

/** What is said above a summary that is replaced as soon as another one is there. */
function again(isUnderWay) {
  return isUnderWay
    ? t`The video is being summarized again. Until that is done, this is the earlier summary.`
    : t`The video will be summarized again. Until then, this is the earlier summary.`;
}

function leftOut({ error }) {
  return [t`This video was left out of the batch.`, error && translated(error.message)].filter(Boolean).join(" ");
}
