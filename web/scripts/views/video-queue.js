// The videos of a batch in queue order: as many as there are, of which only those in sight are drawn.

import { ApiError } from "../api.js";
import { ask, menu } from "../dialogs.js";
import { button, element, setHidden, setText } from "../dom.js";
import { enableDragging } from "../drag.js";
import { field } from "../fields.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { announce, attempt, notice } from "../notices.js";
import { QueuePages } from "../queue-pages.js";
import { SignedOut } from "../session.js";
import { WindowedList } from "../windowed-list.js";
import { videoRow } from "./video-row.js";

const OPEN = new Set(["draft", "pending", "processing", "paused"]);

export function videoQueue(place) {
  let batch = null;
  let seen = "";
  let marked = null;
  let failures = null; // the places of the failed videos, when only these are shown
  const pages = new QueuePages(place.app.api, place.id, { onChange: arrived, onError: tell });
  const list = new WindowedList({
    label: "Videos in their order",
    keyOf: (index) => pages.at(indexOf(index))?.id ?? `place ${index}`,
    create: () => videoRow(actions),
    onRange: (first, last) => pages.need(indexOf(first), indexOf(last)),
  });
  const heading = element("h2", { id: "videos" }, "Videos");
  const only = button({ class: "quiet", "aria-pressed": "false", hidden: true, onclick: toggleFailures }, icon("warn"), element("span", {}));
  const help = element("p", { class: "soft hint", hidden: true }, "Drag ", icon("handle"), " to reorder. With the keyboard: arrows go through the list, Alt with an arrow moves a waiting video, Delete leaves it out, Enter opens it.");
  const root = element("section", { class: "queue", "aria-labelledby": "videos" }, element("div", { class: "section-head" }, heading, only), help, list.element);

  const indexOf = (row) => (failures ? failures[row] : row);
  const canMove = (item) => Boolean(item) && OPEN.has(batch.status) && !failures && item.status === "pending" && batch.progress.current_video?.item_id !== item.id;
  const actions = {
    stateOf: (row) => ({ item: pages.at(indexOf(row)), position: indexOf(row) + 1, batch, canMove: canMove(pages.at(indexOf(row))), isMarked: pages.at(indexOf(row))?.id === marked }),
    open: (item) => place.open(item.id),
    more: (item, row) => menu(item.title ?? item.video_id, choices(item, row)),
    retry,
  };

  function show(now) {
    batch = now;
    const { progress, order_version: version, status, preflight } = now;
    const state = [status, version, progress.total, progress.completed, progress.failed, progress.skipped, progress.left, progress.current_video?.item_id, progress.current_video?.title, preflight?.checked].join();
    if (state !== seen) pages.expire();
    seen = state;
    if (failures && !progress.failed) failures = null;
    list.setCount(failures ? failures.length : progress.total);
    root.classList.toggle("is-draft", status === "draft");
    root.classList.toggle("is-over", !OPEN.has(status));
    setHidden(help, !OPEN.has(status) || progress.left < 2);
    setHidden(only, !progress.failed);
    setText(only.lastChild, failures ? "Show all" : `Only failed (${number(progress.failed)})`);
    only.setAttribute("aria-pressed", String(Boolean(failures)));
    setText(heading, progress.total ? counted(progress.total, "video") : "No videos yet");
  }

  function arrived() {
    place.playlists = pages.playlists;
    place.onPage();
    list.refresh();
  }

  /** What the look at the batch meets as well, it tells better. */
  function tell(error) {
    if (error instanceof ApiError && error.status !== 404) notice(error.message, { isProblem: true });
  }

  async function toggleFailures() {
    if (failures) failures = null;
    else {
      const items = await readAll();
      failures = [...items.keys()].filter((index) => items[index]?.status === "failed");
    }
    show(batch);
    scrollTo({ top: Math.min(scrollY, root.offsetTop) });
  }

  /** Every video of the batch, in order. */
  async function readAll() {
    const last = batch.progress.total - 1;
    if (last >= 0) await pages.need(0, last);
    return Array.from({ length: last + 1 }, (_, index) => pages.at(index)).filter(Boolean);
  }

  async function move(from, to) {
    const item = pages.at(from);
    await pages.need(Math.min(from, to), Math.max(from, to));
    const here = pages.indexOf(item.id);
    const target = nearest(here, to);
    if (target === null || target === here) return announce("It cannot go there.");
    const item_ids = pages.move(here, target, canMove);
    list.focus(target);
    announce(`${item.title ?? "The video"} is at position ${target + 1} now.`);
    await reorder(item_ids);
    return undefined;
  }

  /** The waiting video at `to`, or the next one on the way back; only waiting ones change places. */
  function nearest(from, to) {
    const step = from < to ? -1 : 1;
    for (let index = to; index !== from; index += step) if (canMove(pages.at(index))) return index;
    return null;
  }

  async function reorder(item_ids) {
    try {
      place.accept(await place.app.api.put(`batch/${place.id}/order`, { item_ids }, { "If-Match": String(batch.order_version) }));
    } catch (error) {
      if (error instanceof SignedOut) return;
      pages.expire();
      list.refresh();
      place.look();
      notice(error.status === 409 ? "The queue changed meanwhile. It is shown as it is now; move the video again." : error.message, { isProblem: true });
    }
  }

  async function moveTo(item, row) {
    const wanted = element("input", { type: "number", min: 1, max: batch.progress.total, required: true, value: row + 1 });
    const position = await ask({ title: "Move to a position", content: [field("Position", `From 1 to ${number(batch.progress.total)}; it is at ${number(row + 1)} now.`, wanted)], action: "Move", read: () => wanted.valueAsNumber });
    if (position) await attempt(() => move(pages.indexOf(item.id), position - 1));
  }

  async function leaveOut(item) {
    const row = pages.indexOf(item.id);
    const answer = await attempt(() => place.app.api.delete(`batch/${place.id}/items/${item.id}`));
    if (!answer) return;
    pages.patch(item.id, { status: "skipped" });
    place.accept(answer);
    announce(`${item.title ?? "The video"} is left out.`);
    list.focus(Math.min(row + 1, batch.progress.total - 1));
  }

  async function retry(item) {
    const answer = await attempt(() => place.app.api.post(`batch/${place.id}/retry`, { item_ids: [item.id] }));
    if (answer) place.accept(answer);
  }

  function choices(item, row) {
    const movable = canMove(item);
    const index = indexOf(row);
    const last = batch.progress.total - 1;
    return [
      { label: item.status === "completed" ? "Read the summary" : "Show details", mark: icon("right"), act: () => place.open(item.id) },
      movable && { label: "Move up", mark: icon("up"), act: () => attempt(() => move(index, index - 1)), disabled: nearest(index, Math.max(index - 1, 0)) === null },
      movable && { label: "Move down", mark: icon("down"), act: () => attempt(() => move(index, index + 1)), disabled: index === last },
      movable && { label: "Move to a position …", mark: icon("list"), act: () => moveTo(item, index) },
      movable && { label: "Leave it out", mark: icon("skip"), act: () => leaveOut(item) },
      item.status === "failed" && { label: "Try it again", mark: icon("retry"), act: () => retry(item) },
      { label: "Watch on YouTube", mark: icon("outside"), href: item.url },
    ].filter(Boolean);
  }

  function onKey(event) {
    const row = event.target.closest?.("[data-index]");
    if (!row || event.target !== row) return;
    const index = Number(row.dataset.index);
    const item = pages.at(indexOf(index));
    const act = keyAction(event, item, index);
    if (!act) return;
    event.preventDefault();
    act();
  }

  function keyAction(event, item, index) {
    if (!item) return null;
    if (event.key === "Enter") return () => place.open(item.id);
    if (!canMove(item)) return null;
    if (event.key === "Delete") return () => leaveOut(item);
    if (event.altKey && event.key === "ArrowUp" && index > 0) return () => attempt(() => move(index, index - 1));
    if (event.altKey && event.key === "ArrowDown" && index < batch.progress.total - 1) return () => attempt(() => move(index, index + 1));
    return null;
  }

  /** The video and its place; reads on until it is found. */
  async function locate(itemId) {
    if (!pages.find(itemId)) await readAll();
    return pages.find(itemId);
  }

  function mark(itemId) {
    marked = itemId ?? null;
    list.refresh();
  }

  list.element.addEventListener("keydown", onKey);
  enableDragging(list, (from, to) => attempt(() => move(from, to)));
  return { element: root, show, mark, locate, retry, readAll, at: (index) => pages.at(index), find: (itemId) => pages.find(itemId), indexOf: (itemId) => pages.indexOf(itemId), focus: (index) => list.focus(index), close: () => list.close() };
}
