// The videos of a batch in queue order; only the visible ones are drawn.

import { ApiError, isPassing } from "../api.js";
import { videoName } from "../batch-names.js";
import { isOver, isReadingLinks } from "../batch-watch.js";
import { menu } from "../dialogs.js";
import { element, setHidden, setText } from "../dom.js";
import { enableDragging } from "../drag.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { attempt, notice } from "../notices.js";
import { QueuePages } from "../queue-pages.js";
import { go, places } from "../router.js";
import { hasWords, isEverything, select, wordsOf } from "../selection.js";
import { SummarySearch } from "../summary-search.js";
import { nodes, t } from "../texts.js";
import { WindowedList } from "../windowed-list.js";
import { captionLine, takeDrops } from "./give-captions.js";
import { queueFilter } from "./queue-filter.js";
import { queuePicks } from "./queue-picks.js";
import { queueCommands } from "./queue-commands.js";
import { videoRow } from "./video-row.js";

const READ_AGAIN_MS = 5_000;

export function videoQueue(context) {
  let batch = null;
  let seen = null; // the batch as it was last shown
  let reached = null; // the place of the current video, or of the last one
  let marked = null;
  let isReading = false; // reads every page, because there is a selection
  let again = 0; // reads again after an error
  let forgetProblem = () => {}; // removes what was said about it
  let chosen = null; // the places of the selected videos, in the order of the list; null for the whole queue
  let current = null; // the id of the current video
  const pages = new QueuePages(context.app.api, context.id, { onChange: arrived, onError: tell });
  const search = new SummarySearch(context.app.api, context.id, () => batch && listSelected());
  const list = new WindowedList({
    label: t`Videos in their order`,
    keyOf: (row) => pages.at(indexOf(row))?.id ?? `place ${row}`,
    create: () =>
      videoRow({
        stateOf,
        more,
        open: (item) => context.open(item.id),
        retry: (item) => commands.retry(item),
        pick: (item) => picks.toggle(item),
      }),
    onRange: (first, last) => (chosen ? pages.needEach(chosen.slice(first, last + 1)) : pages.need(first, last)),
  });
  const commands = queueCommands({ context, pages, list, rowOf, canMove, isWaiting });
  const picks = queuePicks({ loaded: () => pages.all, listed, isEach, commands, onChange: showPicks });
  const heading = element("h2", { id: "videos" }, t`Videos`);
  const searching = element("span", { class: "soft", role: "status" });
  const filter = queueFilter(context, [heading, searching], { onChange: choose, jump, pick: picks.beginOrEnd });
  const nothing = element("p", { class: "empty", hidden: true });
  const skeleton = element(
    "div",
    { class: "skeleton", "aria-hidden": "true", hidden: true },
    [1, 2, 3].map(() => element("i", {})),
  );
  const captions = captionLine(context);
  const dragging = element("span", {}, nodes`Drag ${icon("handle")} to reorder.`, " ");
  const help = element(
    "p",
    { class: "soft hint", hidden: true },
    dragging,
    nodes`Press ${element("kbd", {}, "?")} for keyboard shortcuts.`,
  );
  const missing = element(
    "p",
    { class: "on-paper" },
    t`This list is too long to be printed whole: only the videos around those on the screen are here. The download has all.`,
  );
  const root = element(
    "section",
    { class: "queue", "aria-labelledby": "videos" },
    filter.element,
    help,
    missing,
    list.element,
    picks.element,
    skeleton,
    nothing,
    captions.element,
  );
  takeDrops(root, captions.give);

  function indexOf(row) {
    return chosen ? chosen[row] : row;
  }

  function isWaiting(item) {
    const isCurrent = batch.progress.current_video?.item_id === item?.id;
    return item?.status === "pending" && !isCurrent && !isOver(batch);
  }

  /** Whether a video can be moved; only if all videos are listed, because its new place could not be seen otherwise. */
  function canMove(item) {
    return isWaiting(item) && !chosen;
  }

  function showPicks() {
    root.classList.toggle("is-picking", picks.isOpen());
    filter.showPicking(picks.isOpen());
    showDragging();
    list.refresh();
  }

  /** Explains the handles while the first rows have them: in a draft. Later the videos that are done come first. */
  function showDragging() {
    setHidden(dragging, batch.status !== "draft" || picks.isOpen());
  }

  /** Returns all listed videos. */
  async function listed() {
    await readAll();
    return (chosen ?? [...pages.all.keys()]).map((place) => pages.at(place)).filter(Boolean);
  }

  /** Whether every listed video is loaded and among `ids`. */
  function isEach(ids) {
    const places = chosen ?? [...Array(rowCount()).keys()];
    return places.length > 0 && places.every((place) => ids.has(pages.at(place)?.id));
  }

  /** Returns the row of a video; -1 if it is not listed. */
  function rowOf(itemId) {
    const index = pages.indexOf(itemId);
    return chosen ? chosen.indexOf(index) : index;
  }

  /** Whether there is a row before (-1) or after (1) that of a video. */
  function hasBeside(itemId, by) {
    const row = rowOf(itemId);
    return row >= 0 && row + by >= 0 && row + by < rowCount();
  }

  /** Returns `3 of 12`, counted in the list. */
  function placeOf(itemId) {
    const row = rowOf(itemId);
    return row < 0 ? "" : t`${number(row + 1)} of ${number(rowCount())}`;
  }

  /** Returns the video of that row, and loads it if necessary; undefined after an error. */
  async function beside(itemId, by) {
    const index = indexOf(rowOf(itemId) + by);
    await pages.need(index, index);
    return pages.at(index);
  }

  function rowCount() {
    return chosen ? chosen.length : batch.progress.total;
  }

  /** Returns what a row shows. */
  function stateOf(row) {
    const item = pages.at(indexOf(row));
    return {
      item,
      batch,
      position: indexOf(row) + 1,
      canMove: canMove(item),
      isMarked: item?.id === marked,
      selection: context.selection,
      match: matchOf(item),
      isUnread: commands.isUnread(item),
      isStarred: context.marks.isStarred(item?.id),
      isPicking: picks.isOpen(),
      isPicked: picks.has(item?.id),
    };
  }

  /** Returns where the summary of a video has the words of the search, if its row does not show them anyway. */
  function matchOf(item) {
    return item && !hasWords(item, wordsOf(context.selection.q)) ? search.matchOf(item.id) : undefined;
  }

  function more(item, row, anchor) {
    const isRead = item.status === "completed";
    const choices = [
      { label: isRead ? t`Read the summary` : t`Show details`, mark: icon("right"), act: () => context.open(item.id) },
      ...commands.choices(item, indexOf(row)),
      { label: t`Watch on YouTube`, mark: icon("outside"), href: item.url },
      item.channel_id && {
        label: t`More from this channel`,
        mark: icon("plus"),
        act: () => go(places.moreOf(item.channel_id)),
      },
    ].filter(Boolean);
    menu(videoName(item), choices, anchor);
  }

  function show(now) {
    batch = now;
    const { progress, status } = now;
    const isChanged = takeChanges(now);
    root.classList.toggle("is-draft", status === "draft");
    filter.show(now);
    if (picks.isOpen()) picks.show();
    listSelected();
    const before = current;
    current = progress.current_video?.item_id ?? null;
    const isPartlyRead = pages.all.filter(Boolean).length < progress.total;
    if (chosen && isPartlyRead) choose(); // an address with a selection was opened, or videos were added
    else if (chosen && isChanged) readChanged(before);
  }

  /** Marks what has changed since the batch was last shown as outdated, and returns whether anything has. */
  function takeChanges(now) {
    const isReadingSource = pages.playlists.some(({ status }) => status === "pending");
    const before = seen;
    seen = now;
    const from = reached;
    const current = now.progress.current_video;
    if (current) reached = current.position - 1;
    // A source that adds no video changes nothing but its own state.
    if (before && !isReadingSource && stateOfQueue(now) === stateOfQueue(before)) return false;
    if (before && from !== null && isAdvanced(before, now))
      pages.readAgain(Math.min(from, reached), Math.max(from, reached), ended(now) - ended(before));
    else pages.expire();
    return true;
  }

  /** Lists the whole queue, or the selected ones of the loaded videos. */
  function listSelected() {
    const { progress } = batch;
    // Begins once all videos are known, because a request is about all summaries that come after one.
    search.look(context.selection.q, isReading ? [] : pages.all);
    const isFound = (itemId) => Boolean(search.matchOf(itemId));
    chosen = isEverything(context.selection)
      ? null
      : select(pages.all, context.selection, { currentId: current, marks: context.marks, isFound });
    root.classList.toggle("is-filtered", Boolean(chosen));
    list.element.style.setProperty("--digits", String(number(progress.total).length));
    list.setCount(rowCount());
    if (!progress.total) pages.need(0, 0); // it says what has become of the playlists
    showDragging();
    setHidden(help, isOver(batch) || progress.left < 2 || Boolean(chosen));
    const isExpanding = isReadingLinks(batch) && !pages.playlists.some(({ status }) => status !== "pending");
    const none = isExpanding ? t`Reading the playlist …` : t`No videos`;
    const all = progress.total ? counted(progress.total, "video") : none;
    setHidden(skeleton, !isExpanding);
    const amount = rowCount();
    setText(heading, amount < progress.total ? someOf(amount, all) : all);
    setHidden(nothing, !chosen || chosen.length > 0);
    setText(nothing, isReading || search.isUnderWay ? t`Searching …` : noMatch());
    setText(searching, searchInWords());
    setHidden(missing, list.isWhole);
    showCaptionLine();
  }

  function showCaptionLine() {
    const loaded = pages.all.filter(Boolean);
    captions.show(chosen?.map((place) => pages.at(place)).filter(Boolean) ?? loaded, loaded);
  }

  /** How far the search in the summaries is, or why it does not go on; empty once it is done. */
  function searchInWords() {
    const { done, all } = search.progress;
    if (search.problem) return t`The summaries were not all searched. ${search.problem.message}`;
    return search.isUnderWay ? t`${number(done)} of ${counted(all, "summary", "summaries")} searched` : "";
  }

  /** Only words that are searched for match: a status or a tag is chosen. */
  function someOf(amount, all) {
    return context.selection.q ? t`${number(amount)} of ${all} match` : t`${number(amount)} of ${all}`;
  }

  function noMatch() {
    const { q } = context.selection;
    return q ? t`No videos match “${q}”.` : t`No videos match.`;
  }

  /** Applies the selection in the address, for which every video has to be loaded. */
  async function choose() {
    filter.take();
    if (!batch) return;
    isReading = !isEverything(context.selection);
    listSelected();
    if (isReading) await readAll();
    isReading = false;
    listSelected();
  }

  /** Reads a video that has just ended, because it may now belong to the selection although it is not visible. */
  async function readChanged(itemId) {
    const place = pages.indexOf(itemId);
    if (place >= 0) await pages.needEach([place]);
  }

  async function jump() {
    const place = batch.progress.current_video.position - 1;
    if (chosen) filter.clear();
    await pages.need(place, place);
    list.focus(place);
  }

  function arrived(answer) {
    again = 0;
    forgetProblem();
    context.playlists = pages.playlists;
    if (batch && !batch.progress.total) listSelected();
    // A move names the version of the order that is shown here.
    if (batch && answer.order_version > batch.order_version) context.accept(batchOf(answer));
    context.onPage();
    if (chosen) listSelected();
    else if (batch) showCaptionLine(); // the end of a batch is known before the failures of its last videos are read
    list.refresh();
  }

  /** Reports an error once, and not if the poll of the batch reports the same one. */
  function tell(error) {
    if (!again && error instanceof ApiError && error.status !== 404)
      forgetProblem = notice(error.message, { isProblem: true });
    if (!isPassing(error)) return;
    clearTimeout(again);
    again = setTimeout(list.refresh, READ_AGAIN_MS);
  }

  /** Returns every video of the batch, in order. */
  async function readAll() {
    const last = batch.progress.total - 1;
    if (last >= 0) await pages.need(0, last);
    return Array.from({ length: last + 1 }, (_, index) => pages.at(index)).filter(Boolean);
  }

  /** Returns the first video of the list with a summary. */
  async function firstSummary() {
    return (await listed()).find((item) => item.status === "completed");
  }

  /** Returns how many of the failed videos a retry can help; null until all of them are read. */
  function countRetryable() {
    const failed = pages.all.filter((item) => item?.status === "failed");
    return failed.length === context.batch.progress.failed ? failed.filter(commands.isRetryable).length : null;
  }

  /** Leaves out all videos that have failed. */
  async function leaveOutFailed() {
    const failed = (await readAll()).filter(({ status }) => status === "failed");
    if (failed.length) await commands.leaveOut(...failed);
  }

  /** Finds a video in its current state, and reads pages until it is found. */
  async function locate(itemId) {
    const index = pages.indexOf(itemId);
    if (index < 0) await readAll();
    else await pages.need(index, index);
    return pages.find(itemId);
  }

  /** Shows changed marks. */
  function showMarks() {
    if (!batch) return;
    filter.show(batch);
    listSelected();
    list.refresh();
  }

  function mark(itemId) {
    marked = itemId ?? null;
    list.refresh();
  }

  list.element.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-index]");
    if (row !== event.target) return;
    const index = indexOf(Number(row.dataset.index));
    const item = pages.at(index);
    const acts = { Enter: () => context.open(item.id), " ": () => picks.toggle(item) };
    const act = acts[event.key] ?? commands.keyed(event, item, index);
    if (!item || !act) return;
    event.preventDefault();
    act();
  });
  enableDragging(list, (from, to) => attempt(() => commands.move(from, to)));
  return {
    element: root,
    show,
    mark,
    locate,
    readAll,
    firstSummary,
    choose,
    showMarks,
    retry: commands.retry,
    leaveOut: commands.leaveOut,
    putBack: commands.putBack,
    canPutBack: commands.canPutBack,
    leaveOutFailed,
    countRetryable,
    hasBeside,
    placeOf,
    beside,
    focus: (itemId) => list.focus(Math.max(rowOf(itemId), 0)),
    close() {
      search.stop();
      list.close();
      filter.close();
    },
  };
}

function batchOf({ items, playlists, next_cursor, ...batch }) {
  return batch;
}

/** Returns the parts of a batch that change with its queue, without stage and percent of the current video. */
function stateOfQueue(batch) {
  const { completed, failed, left, current_video: current } = batch.progress;
  return [stateOfOrder(batch), completed, failed, left, current?.item_id, current?.title].join();
}

/** Returns the parts that stay the same as long as the queue is only worked off. */
function stateOfOrder({ status, order_version: version, progress: { total, skipped }, preflight }) {
  return [status, version, total, skipped, preflight?.status, preflight?.checked].join();
}

/** Whether the queue seems to have been only worked off, so that only the videos up to the current one have changed. */
function isAdvanced(before, now) {
  const [was, is] = [before.progress, now.progress];
  return stateOfOrder(before) === stateOfOrder(now) && is.completed >= was.completed && is.failed >= was.failed;
}

function ended({ progress }) {
  return progress.completed + progress.failed;
}
