// The videos of a batch in queue order: as many as there are, of which only those in sight are drawn.

import { ApiError, isPassing } from "../api.js";
import { isOver } from "../batch-watch.js";
import { menu } from "../dialogs.js";
import { button, element, setHidden, setText } from "../dom.js";
import { enableDragging } from "../drag.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { attempt, notice } from "../notices.js";
import { QueuePages } from "../queue-pages.js";
import { WindowedList } from "../windowed-list.js";
import { queueSteering } from "./queue-steering.js";
import { videoRow } from "./video-row.js";

const READ_AGAIN_MS = 5_000;

export function videoQueue(context) {
  let batch = null;
  let seen = "";
  let marked = null;
  let again = 0; // reads what could not be read
  let failures = null; // the places of the failed videos, when only these are shown
  const pages = new QueuePages(context.app.api, context.id, { onChange: arrived, onError: tell });
  const list = new WindowedList({
    label: "Videos in their order",
    keyOf: (row) => pages.at(indexOf(row))?.id ?? `place ${row}`,
    create: () =>
      videoRow({ stateOf, more, open: (item) => context.open(item.id), retry: (item) => steering.retry(item) }),
    onRange: (first, last) => pages.need(indexOf(first), indexOf(last)),
  });
  const steering = queueSteering({ context, pages, list, canMove });
  const heading = element("h2", { id: "videos" }, "Videos");
  const only = button(
    { class: "quiet", "aria-pressed": "false", hidden: true, onclick: () => attempt(toggleFailures) },
    icon("warn"),
    element("span", {}),
  );
  const help = element(
    "p",
    { class: "soft hint", hidden: true },
    "Drag ",
    icon("handle"),
    " to reorder. With the keyboard: arrows go through the list, Alt with an arrow moves a waiting video, ",
    "Delete leaves it out, Enter opens it.",
  );
  const root = element(
    "section",
    { class: "queue", "aria-labelledby": "videos" },
    element("div", { class: "section-head" }, heading, only),
    help,
    list.element,
  );

  function indexOf(row) {
    return failures ? failures[row] : row;
  }

  function canMove(item) {
    const isWaiting = item?.status === "pending" && batch.progress.current_video?.item_id !== item.id;
    return isWaiting && !isOver(batch) && !failures;
  }

  /** The row of a video; less than 0 when it is not among those that are listed. */
  function rowOf(itemId) {
    const index = pages.indexOf(itemId);
    return failures ? failures.indexOf(index) : index;
  }

  /** Whether a row stands before (-1) or behind (1) that of a video. */
  function hasBeside(itemId, by) {
    const row = rowOf(itemId) + by;
    return row >= 0 && row < rowCount();
  }

  /** The video of that row, read when it was not; undefined when it could not be. */
  async function beside(itemId, by) {
    const index = indexOf(rowOf(itemId) + by);
    await pages.need(index, index);
    return pages.at(index);
  }

  function rowCount() {
    return failures ? failures.length : batch.progress.total;
  }

  /** What a row shows. */
  function stateOf(row) {
    const item = pages.at(indexOf(row));
    return { item, batch, position: indexOf(row) + 1, canMove: canMove(item), isMarked: item?.id === marked };
  }

  function more(item, row) {
    const isRead = item.status === "completed";
    menu(item.title ?? item.video_id, [
      { label: isRead ? "Read the summary" : "Show details", mark: icon("right"), act: () => context.open(item.id) },
      ...steering.choices(item, indexOf(row)),
      { label: "Watch on YouTube", mark: icon("outside"), href: item.url },
    ]);
  }

  function show(now) {
    batch = now;
    const { progress, status } = now;
    const state = stateOfQueue(now);
    if (state !== seen) pages.expire();
    seen = state;
    if (!progress.failed) failures = null;
    list.setCount(rowCount());
    root.classList.toggle("is-draft", status === "draft");
    setHidden(help, isOver(now) || progress.left < 2);
    setHidden(only, !progress.failed);
    setText(only.lastChild, failures ? "Show all" : `Only failed (${number(progress.failed)})`);
    only.setAttribute("aria-pressed", String(Boolean(failures)));
    setText(heading, progress.total ? counted(progress.total, "video") : "No videos yet");
  }

  function arrived(answer) {
    again = 0;
    context.playlists = pages.playlists;
    // Whoever moves a video names the order that is seen here.
    if (batch && answer.order_version > batch.order_version) context.accept(batchOf(answer));
    context.onPage();
    list.refresh();
  }

  /** What the look at the batch meets as well, it tells better; what fails again and again is told once. */
  function tell(error) {
    if (!again && error instanceof ApiError && error.status !== 404) notice(error.message, { isProblem: true });
    if (!isPassing(error)) return;
    clearTimeout(again);
    again = setTimeout(list.refresh, READ_AGAIN_MS);
  }

  async function toggleFailures() {
    if (failures) failures = null;
    else {
      const items = await readAll();
      failures = [...items.keys()].filter((index) => items[index].status === "failed");
    }
    show(batch);
  }

  /** Every video of the batch, in order. */
  async function readAll() {
    const last = batch.progress.total - 1;
    if (last >= 0) await pages.need(0, last);
    return Array.from({ length: last + 1 }, (_, index) => pages.at(index)).filter(Boolean);
  }

  /** A video as it is now, wherever it stands: reads on until it is found. */
  async function locate(itemId) {
    const index = pages.indexOf(itemId);
    if (index < 0) await readAll();
    else await pages.need(index, index);
    return pages.find(itemId);
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
    const act = event.key === "Enter" ? () => context.open(item.id) : steering.keyed(event, item, index);
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
    retry: steering.retry,
    hasBeside,
    beside,
    focus: (itemId) => list.focus(Math.max(rowOf(itemId), 0)),
    close: () => list.close(),
  };
}

function batchOf({ items, playlists, next_cursor, ...batch }) {
  return batch;
}

/** What of a batch tells that pages of its queue have changed; stage and percent of the current video do not. */
function stateOfQueue({ status, order_version: version, progress, preflight }) {
  const { total, completed, failed, skipped, left, current_video: current } = progress;
  const parts = [status, version, total, completed, failed, skipped, left, current?.item_id, current?.title];
  return [...parts, preflight?.status, preflight?.checked].join();
}
