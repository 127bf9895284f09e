// Commands for the videos of the queue: move, skip and retry.

import { isPassing } from "../api.js";
import { videoName } from "../batch-names.js";
import { ask } from "../dialogs.js";
import { element } from "../dom.js";
import { field } from "../fields.js";
import { counted, number } from "../format.js";
import { icon } from "../icons.js";
import { attempt, announce, notice, sentences, undoable } from "../notices.js";
import { SignedOut } from "../session.js";
import { summarySettings } from "../summary-settings.js";
import { t } from "../texts.js";

// Videos that one request skips or restores: few enough to be carried out long before the gateway gives up.
const AT_ONCE = 500;
const REPEATED_AFTER_MS = 1_000;

/**
 * `isWaiting(item)` says which videos are not begun, `canMove(item)` which of them can change places in the list; all places
 * count from 0.
 */
export function queueCommands({ context, pages, list, rowOf, canMove, isWaiting }) {
  const path = `batch/${context.id}`;
  let sending = Promise.resolve();
  let unsent = 0;
  let refused = 0;
  let leftOut = []; // what one Undo restores
  let undo = null;
  const lastPlace = () => context.batch.progress.total - 1;

  async function move(from, to) {
    const item = pages.at(from);
    await pages.need(Math.min(from, to), Math.max(from, to));
    const here = pages.indexOf(item.id);
    if (!canMove(pages.at(here))) {
      notice(t`“${videoName(item)}” is no longer waiting, so it cannot be moved.`);
      return;
    }
    const target = nearest(here, to);
    if (target === null) {
      announce(t`It cannot move there.`);
      return;
    }
    const itemIds = pages.move(here, target, canMove);
    list.focus(target);
    announce(t`${nameOf(item)} is now at position ${number(target + 1)}.`);
    await reorder(itemIds);
  }

  /** Returns the place of the waiting video at `to`, or of the next one on the way back; null if there is none. */
  function nearest(from, to) {
    const step = from < to ? -1 : 1;
    for (let index = to; index !== from; index += step) if (canMove(pages.at(index))) return index;
    return null;
  }

  /** Sends reorders one after the other, because each is based on the order that the previous one made. */
  function reorder(itemIds) {
    const before = refused;
    unsent += 1;
    sending = sending.then(() => {
      unsent -= 1;
      return before === refused ? send(itemIds) : undefined;
    });
    return sending;
  }

  async function send(itemIds) {
    const seen = { "If-Match": String(context.batch.order_version) };
    try {
      const batch = await context.app.api.put(`${path}/order`, { item_ids: itemIds }, seen);
      // The displayed order is ahead of the server's until the last request is answered.
      if (unsent) context.batch = batch;
      else context.accept(batch);
    } catch (error) {
      refused += 1;
      if (error instanceof SignedOut) return;
      pages.expire();
      list.refresh();
      context.look();
      const isStale = error.status === 409;
      const text = t`The queue changed in the meantime. This is its current order; please move the video again.`;
      notice(isStale ? text : error.message, { isProblem: true });
    }
  }

  async function moveTo(item, index) {
    const last = number(lastPlace() + 1);
    const position = element("input", {
      type: "number",
      min: 1,
      max: lastPlace() + 1,
      required: true,
      value: index + 1,
    });
    const wanted = await ask({
      title: t`Move to a position`,
      content: [field(t`Position`, t`From 1 to ${last}; it is at ${number(index + 1)} now.`, position)],
      action: t`Move`,
      read: () => position.valueAsNumber,
    });
    if (wanted) await attempt(() => move(pages.indexOf(item.id), wanted - 1));
  }

  async function leaveOut(...items) {
    const row = rowOf(items.at(-1).id);
    const { done, late } = await edit("skip", items, () => ({ status: "skipped" }));
    if (!done.length) return;
    offerUndo(done);
    if (late)
      notice(
        counted(
          late,
          "video had already begun and was not left out.",
          "videos had already begun and were not left out.",
        ),
      );
    list.focus(Math.min(row + 1, lastPlace()));
  }

  /**
   * Skips or restores videos, many of them in parts, and shows the `changes` of each until it is read again. Returns those
   * that are `done`, how many requests came too `late`, and those that are `left` because of an error, which it shows.
   */
  async function edit(command, items, changes) {
    const done = [];
    let late = 0;
    for (let first = 0; first < items.length; first += AT_ONCE) {
      const part = items.slice(first, first + AT_ONCE);
      const request = { item_ids: part.map(({ id }) => id) };
      try {
        const batch = await twice(() => context.app.api.post(`${path}/${command}`, request));
        const tooLate = new Set(batch.too_late);
        const changed = part.filter(({ id }) => !tooLate.has(id));
        for (const item of changed) pages.patch(item.id, changes(item));
        list.refresh();
        context.accept(batch);
        done.push(...changed);
        late += tooLate.size;
      } catch (error) {
        if (error instanceof SignedOut) return { done, late, left: [] };
        notice(sentences(error), { isProblem: true });
        const carriedOut = await readDone(command, part);
        done.push(...part.filter(({ id }) => carriedOut.has(id)));
        const left = items.slice(first).filter(({ id }) => !carriedOut.has(id));
        return { done, late, left };
      }
    }
    return { done, late, left: [] };
  }

  /** Reads again which videos a command has changed that was cut off; returns their ids. */
  async function readDone(command, items) {
    pages.expire();
    context.look();
    await pages.needEach(items.map(({ id }) => pages.indexOf(id)));
    list.refresh();
    const ids = items.map(({ id }) => id);
    return new Set(ids.filter((id) => (pages.find(id)?.status === "skipped") === (command === "skip")));
  }

  /** Moves videos ahead of all other waiting ones, in their current order. */
  async function moveToTop(...items) {
    await pages.need(0, lastPlace());
    const waiting = pages.all.filter(isWaiting).map(({ id }) => id);
    const picked = new Set(items.map(({ id }) => id));
    const first = waiting.filter((id) => picked.has(id));
    if (!first.length) return;
    await reorder([...first, ...waiting.filter((id) => !picked.has(id))]);
    list.focus(rowOf(first[0]));
  }

  /** Offers one Undo for all videos that are skipped in a row. */
  function offerUndo(skipped) {
    const items = undo?.isShown() ? [...leftOut, ...skipped] : skipped;
    const text =
      items.length === 1
        ? t`“${videoName(items[0])}” was left out.`
        : counted(items.length, "video was left out.", "videos were left out.");
    undo?.close();
    undo = undoable(text, async () => {
      const left = await putBack(...items);
      if (left.length) offerUndo(left);
    });
    leftOut = items;
  }

  /** Returns those that are still left out because of an error. */
  async function putBack(...items) {
    const { done: back, left } = await edit("restore", items, (item) =>
      hasFailed(item) ? { status: "failed" } : { status: "pending", error: null },
    );
    if (!back.length) return left;
    list.focus(rowOf(back.at(-1).id));
    announce(
      back.length === 1 ? t`${nameOf(back[0])} is back.` : counted(back.length, "video is back.", "videos are back."),
    );
    return left;
  }

  async function retry(...items) {
    const request = { item_ids: items.map(({ id }) => id) };
    const batch = await attempt(() => context.app.api.post(`${path}/retry`, request));
    if (batch) context.accept(batch);
  }

  async function redo(item) {
    const { api } = context.app;
    const settings = await attempt(() => summarySettings(api, context.batch.settings));
    if (!settings) return;
    const wanted = await ask({
      title: t`Summarize it again`,
      content: [
        element(
          "p",
          {},
          t`This asks the model again, at its usual price. You keep the current summary until the new one is ready.`,
        ),
        ...settings.fields,
      ],
      action: t`Summarize again`,
      read: settings.read,
    });
    const batch = wanted && (await attempt(() => api.post(`${path}/items/${item.id}/redo`, wanted)));
    if (!batch) return;
    pages.patch(item.id, { redo: wanted, redo_error: null });
    context.accept(batch);
    list.refresh();
  }

  /** Withdraws the request to summarize a finished video again. */
  async function keepSummary(item) {
    const batch = await attempt(() => context.app.api.delete(`${path}/items/${item.id}`));
    if (!batch) return;
    pages.patch(item.id, { redo: null });
    context.accept(batch);
    list.refresh();
    announce(t`${nameOf(item)} keeps its current summary.`);
  }

  function step(index, by) {
    const target = index + by;
    return target >= 0 && target <= lastPlace() ? () => attempt(() => move(index, target)) : null;
  }

  /** A video that had failed can always be put back: it is as it was, and does not wait. */
  function canPutBack(item) {
    if (item.status !== "skipped") return false;
    return hasFailed(item) || !["failed", "cancelled"].includes(context.batch.status);
  }

  function isUnread(item) {
    return item?.status === "completed" && !context.marks.isRead(item.id);
  }

  function markRead(...items) {
    return context.mark(
      items.map(({ id }) => id),
      { read: true },
    );
  }

  function markUnread(item) {
    return context.mark([item.id], { read: false });
  }

  function isCurrent(item) {
    return context.batch.progress.current_video?.item_id === item.id;
  }

  /** Whether a retry can help, which is when the row of the video offers one. */
  function isRetryable({ status, error }) {
    return status === "failed" && error?.retryable;
  }

  function isDraft() {
    return context.batch.status === "draft";
  }

  function canLeaveOut(item) {
    return isWaiting(item) || item.status === "failed";
  }

  /** Returns the actions in the menu of a video. */
  function choices(item, index) {
    return [...(item.status === "completed" ? [readChoice(item)] : []), ...queueChoices(item, index)];
  }

  function readChoice(item) {
    return isUnread(item)
      ? { label: t`Mark as read`, mark: icon("check"), act: () => markRead(item) }
      : { label: t`Mark as unread`, mark: icon("unread"), act: () => markUnread(item) };
  }

  function queueChoices(item, index) {
    const out = { label: t`Leave it out`, mark: icon("skip"), act: () => leaveOut(item) };
    if (item.status === "failed") return [{ label: t`Retry`, mark: icon("retry"), act: () => retry(item) }, out];
    if (item.status === "completed" && !item.redo)
      return [{ label: t`Summarize again…`, mark: icon("retry"), act: () => redo(item) }];
    if (item.redo && !isCurrent(item))
      return [{ label: t`Keep the current summary`, mark: icon("skip"), act: () => keepSummary(item) }];
    if (canPutBack(item)) return [{ label: t`Put back`, mark: icon("retry"), act: () => putBack(item) }];
    if (!isWaiting(item)) return [];
    if (!canMove(item)) return [out];
    const [up, down] = [step(index, -1), step(index, 1)];
    return [
      { label: t`Move up`, mark: icon("up"), act: up, disabled: !up },
      { label: t`Move down`, mark: icon("down"), act: down, disabled: !down },
      { label: t`Move to a position…`, mark: icon("handle"), act: () => moveTo(item, index) },
      out,
    ];
  }

  /** Returns the action of a key for the focused video; null if it has none. */
  function keyed(event, item, index) {
    if (canLeaveOut(item) && event.key === "Delete") return () => leaveOut(item);
    if (!canMove(item)) return null;
    if (event.altKey && event.key === "ArrowUp") return step(index, -1);
    if (event.altKey && event.key === "ArrowDown") return step(index, 1);
    return null;
  }

  return { move, moveToTop, leaveOut, putBack, retry, markRead, isWaiting, isUnread, isRetryable, isDraft, canLeaveOut, canPutBack, choices, keyed };
}

/** Repeats a request once if the batch changed meanwhile, or for an error that may pass: it goes on where it was cut off. */
async function twice(request) {
  try {
    return await request();
  } catch (error) {
    if (error.code !== "batch_changed" && !isPassing(error)) throw error;
    await new Promise((resolve) => setTimeout(resolve, REPEATED_AFTER_MS));
    return request();
  }
}

/** Whether a video has failed, also if it was left out since. */
function hasFailed(item) {
  return item.completed_at !== null;
}

function nameOf(item) {
  return item.title ?? t`The video`;
}
