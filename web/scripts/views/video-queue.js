// The videos of a batch in queue order: as many as there are, of which only those in sight are drawn.

import { ApiError, isPassing } from "../api.js";
import { isOver, isReadingLinks } from "../batch-watch.js";
import { menu } from "../dialogs.js";
import { element, setHidden, setText } from "../dom.js";
import { enableDragging } from "../drag.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { attempt, notice } from "../notices.js";
import { QueuePages } from "../queue-pages.js";
import { isEverything, select } from "../selection.js";
import { nodes, t } from "../texts.js";
import { WindowedList } from "../windowed-list.js";
import { queueFilter } from "./queue-filter.js";
import { queuePicks } from "./queue-picks.js";
import { queueSteering } from "./queue-steering.js";
import { videoRow } from "./video-row.js";

const READ_AGAIN_MS = 5_000;

export function videoQueue(context) {
  let batch = null;
  let seen = null; // the batch as it was shown before
  let reached = null; // the place of the current video, or of the last one
  let marked = null;
  let isReading = false; // every page, because something is selected
  let again = 0; // reads what could not be read
  let chosen = null; // the places of the videos that are selected, in the order of the list; null for the whole queue
  let current = null; // the id of the video that is being worked on
  const pages = new QueuePages(context.app.api, context.id, { onChange: arrived, onError: tell });
  const list = new WindowedList({
    label: t`Videos in their order`,
    keyOf: (row) => pages.at(indexOf(row))?.id ?? `place ${row}`,
    create: () =>
      videoRow({
        stateOf,
        more,
        open: (item) => context.open(item.id),
        retry: (item) => steering.retry(item),
        pick: (item) => picks.toggle(item),
      }),
    onRange: (first, last) => (chosen ? pages.needEach(chosen.slice(first, last + 1)) : pages.need(first, last)),
  });
  const steering = queueSteering({ context, pages, list, rowOf, canMove, isWaiting });
  const picks = queuePicks({ find: (itemId) => pages.find(itemId), items: listed, steering, onChange: showPicks });
  const heading = element("h2", { id: "videos" }, t`Videos`);
  const filter = queueFilter(context, { onChange: choose, jump, pick: picks.begin });
  const nothing = element("p", { class: "empty", hidden: true });
  const skeleton = element(
    "div",
    { class: "skeleton", "aria-hidden": "true", hidden: true },
    [1, 2, 3].map(() => element("i", {})),
  );
  const help = element(
    "p",
    { class: "soft hint", hidden: true },
    nodes`Drag ${icon("handle")} to reorder. Press ${element("kbd", {}, "?")} for the keys.`,
  );
  const root = element(
    "section",
    { class: "queue", "aria-labelledby": "videos" },
    heading,
    filter.element,
    help,
    list.element,
    picks.element,
    skeleton,
    nothing,
  );

  function indexOf(row) {
    return chosen ? chosen[row] : row;
  }

  function isWaiting(item) {
    const isCurrent = batch.progress.current_video?.item_id === item?.id;
    return item?.status === "pending" && !isCurrent && !isOver(batch);
  }

  /** A place among others can be seen only where all are listed. */
  function canMove(item) {
    return isWaiting(item) && !chosen;
  }

  function showPicks() {
    root.classList.toggle("is-picking", picks.isOpen());
    list.refresh();
  }

  /** Every video that is listed. */
  async function listed() {
    await readAll();
    return (chosen ?? [...pages.all.keys()]).map((place) => pages.at(place)).filter(Boolean);
  }

  /** The row of a video; less than 0 when it is not among those that are listed. */
  function rowOf(itemId) {
    const index = pages.indexOf(itemId);
    return chosen ? chosen.indexOf(index) : index;
  }

  /** Whether a row stands before (-1) or behind (1) that of a video. */
  function hasBeside(itemId, by) {
    const row = rowOf(itemId);
    return row >= 0 && row + by >= 0 && row + by < rowCount();
  }

  /** `3 of 12`, counted in the list. */
  function placeOf(itemId) {
    const row = rowOf(itemId);
    return row < 0 ? "" : t`${number(row + 1)} of ${number(rowCount())}`;
  }

  /** The video of that row, read when it was not; undefined when it could not be. */
  async function beside(itemId, by) {
    const index = indexOf(rowOf(itemId) + by);
    await pages.need(index, index);
    return pages.at(index);
  }

  function rowCount() {
    return chosen ? chosen.length : batch.progress.total;
  }

  /** What a row shows. */
  function stateOf(row) {
    const item = pages.at(indexOf(row));
    return {
      item,
      batch,
      position: indexOf(row) + 1,
      canMove: canMove(item),
      isMarked: item?.id === marked,
      selection: context.selection,
      isUnread: item?.status === "completed" && !context.marks.isRead(item.id),
      isStarred: context.marks.isStarred(item?.id),
      isPicking: picks.isOpen(),
      isPicked: picks.has(item?.id),
    };
  }

  function more(item, row, anchor) {
    const isRead = item.status === "completed";
    const choices = [
      { label: isRead ? t`Read the summary` : t`Show details`, mark: icon("right"), act: () => context.open(item.id) },
      ...steering.choices(item, indexOf(row)),
      { label: t`Watch on YouTube`, mark: icon("outside"), href: item.url },
    ];
    menu(item.title ?? item.video_id, choices, anchor);
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
    if (chosen && isChanged) readChanged(before);
  }

  /** Marks as old what changed since the batch was shown before, and says whether anything did. */
  function takeChanges(now) {
    const before = seen;
    seen = now;
    const from = reached;
    const current = now.progress.current_video;
    if (current) reached = current.position - 1;
    if (before && stateOfQueue(now) === stateOfQueue(before)) return false;
    if (before && from !== null && isAdvanced(before, now))
      pages.readAgain(Math.min(from, reached), Math.max(from, reached), ended(now) - ended(before));
    else pages.expire();
    return true;
  }

  /** What is listed: the whole queue, or what of it is selected among the videos that were read so far. */
  function listSelected() {
    const { progress } = batch;
    chosen = isEverything(context.selection)
      ? null
      : select(pages.all, context.selection, { currentId: current, marks: context.marks });
    root.classList.toggle("is-filtered", Boolean(chosen));
    list.setCount(rowCount());
    setHidden(help, isOver(batch) || progress.left < 2 || Boolean(chosen));
    const none = isReadingLinks(batch) ? t`Reading the playlist …` : t`No videos yet`;
    const all = progress.total ? counted(progress.total, "video") : none;
    setHidden(skeleton, !isReadingLinks(batch));
    setText(heading, chosen ? t`${number(chosen.length)} of ${all}` : all);
    setHidden(nothing, !chosen || chosen.length > 0);
    setText(nothing, isReading ? t`Looking …` : t`No video of this batch matches.`);
  }

  /** Takes over what the address selects; a selection needs every video. */
  async function choose() {
    filter.take();
    if (!batch) return;
    isReading = !isEverything(context.selection);
    listSelected();
    if (isReading) await readAll();
    isReading = false;
    listSelected();
  }

  /** Where only some videos are in sight, the one that has just ended may be none of them, and yet become one. */
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
    context.playlists = pages.playlists;
    // Whoever moves a video names the order that is seen here.
    if (batch && answer.order_version > batch.order_version) context.accept(batchOf(answer));
    context.onPage();
    if (chosen) listSelected();
    list.refresh();
  }

  /** Reports an error once, and not if the poll of the batch reports the same one. */
  function tell(error) {
    if (!again && error instanceof ApiError && error.status !== 404) notice(error.message, { isProblem: true });
    if (!isPassing(error)) return;
    clearTimeout(again);
    again = setTimeout(list.refresh, READ_AGAIN_MS);
  }

  /** Every video of the batch, in order. */
  async function readAll() {
    const last = batch.progress.total - 1;
    if (last >= 0) await pages.need(0, last);
    return Array.from({ length: last + 1 }, (_, index) => pages.at(index)).filter(Boolean);
  }

  /** The first video of the list that has a summary. */
  async function firstSummary() {
    return (await listed()).find((item) => item.status === "completed");
  }

  /** A video as it is now, wherever it stands: reads on until it is found. */
  async function locate(itemId) {
    const index = pages.indexOf(itemId);
    if (index < 0) await readAll();
    else await pages.need(index, index);
    return pages.find(itemId);
  }

  /** Draws again what was marked as read or starred. */
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
    const act = acts[event.key] ?? steering.keyed(event, item, index);
    if (!item || !act) return;
    event.preventDefault();
    act();
  });
  enableDragging(list, (from, to) => attempt(() => steering.move(from, to)));
  return {
    element: root,
    show,
    mark,
    locate,
    readAll,
    firstSummary,
    choose,
    showMarks,
    retry: steering.retry,
    hasBeside,
    placeOf,
    beside,
    focus: (itemId) => list.focus(Math.max(rowOf(itemId), 0)),
    close() {
      list.close();
      filter.close();
    },
  };
}

function batchOf({ items, playlists, next_cursor, ...batch }) {
  return batch;
}

/** What of a batch tells that its queue has changed; stage and percent of the current video do not. */
function stateOfQueue(batch) {
  const { completed, failed, left, current_video: current } = batch.progress;
  return [stateOfOrder(batch), completed, failed, left, current?.item_id, current?.title].join();
}

/** What stays while the queue is only worked through. */
function stateOfOrder({ status, order_version: version, progress: { total, skipped }, preflight }) {
  return [status, version, total, skipped, preflight?.status, preflight?.checked].join();
}

/** Whether it seems that the queue was only worked on, so that no videos have changed but those up to the current one. */
function isAdvanced(before, now) {
  const [was, is] = [before.progress, now.progress];
  return stateOfOrder(before) === stateOfOrder(now) && is.completed >= was.completed && is.failed >= was.failed;
}

function ended({ progress }) {
  return progress.completed + progress.failed;
}
