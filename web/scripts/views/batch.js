// One batch: its state, its videos, and its commands.

import { batchName } from "../batch-names.js";
import { BatchWatch, isOver } from "../batch-watch.js";
import { closeDialogs, element, replaceChildren, setHidden, setText } from "../dom.js";
import { join, number, span } from "../format.js";
import { icon } from "../icons.js";
import { announce, attempt } from "../notices.js";
import { ReadingMarks } from "../reading-marks.js";
import { go, places } from "../router.js";
import { EVERYTHING, queryOf, selectionOf } from "../selection.js";
import { statusWord } from "../status.js";
import { t } from "../texts.js";
import { batchHead } from "./batch-head.js";
import { batchProgress, progressInWords } from "./batch-progress.js";
import { batchSide } from "./batch-side.js";
import { itemPanel } from "./item-panel.js";
import { loadingHeading } from "./loading.js";
import { preflightSheet } from "./preflight.js";
import { videoQueue } from "./video-queue.js";
import { noSuchBatch } from "./error.js";

export function batchView(app, route) {
  const id = route.parameters.batchId;
  // Shared by the parts of the view: the latest state of the batch, and functions to call.
  const context = {
    app,
    id,
    batch: null,
    follow: null, // whose new videos these are
    playlists: [],
    selection: EVERYTHING,
    marks: new ReadingMarks(app.api, id, () => {
      parts.queue.showMarks();
      panel.refresh();
    }),
    mark: (itemIds, change) => attempt(() => context.marks.mark(itemIds, change)),
    accept: (batch) => watch.accept(batch),
    look: () => watch.look(),
    isShown: () => root.isConnected,
    open: (itemId) => go(places.video(id, itemId, queryOf(context.selection))),
    close: () => go(places.batch(id, queryOf(context.selection))),
    async read() {
      const first = await parts.queue.firstSummary();
      if (first) context.open(first.id);
    },
    readItems: () => parts.queue.readAll(),
    countRetryable: () => parts.queue.countRetryable(),
    leaveOutFailed: () => parts.queue.leaveOutFailed(),
    showDownloads: () => parts.side.showDownloads(),
    onPage() {
      parts.side.showPlaylists(context.playlists);
      for (const part of [parts.head, parts.preflight]) if (context.batch) part.show(context.batch);
      panel.refresh();
    },
  };
  const parts = {
    head: batchHead(context),
    progress: batchProgress(context),
    preflight: preflightSheet(context),
    queue: videoQueue(context),
    side: batchSide(context),
  };
  const panel = itemPanel(context, parts.queue);
  const trouble = element("span", {});
  const outdated = element("span", { class: "outdated" }, " ", t`What you see may be outdated.`);
  const offline = element("p", { class: "offline", role: "status", hidden: true }, icon("warn"), element("span", {}, trouble, outdated));
  const body = element("div", { class: "batch-body" }, parts.queue.element, panel.element, parts.side.element);
  const loading = loadingHeading();
  const root = element(
    "article",
    { class: "batch page is-loading" },
    offline,
    loading,
    parts.head.element,
    parts.progress.element,
    parts.preflight.element,
    body,
  );
  const watch = new BatchWatch(app.api, id, { onBatch: show, onFailure: showFailure });
  let heard = "";

  function show(answer) {
    if ("follow" in answer) context.follow = answer.follow; // the answers of commands lack it
    const batch = { ...answer, follow: context.follow };
    context.batch = batch;
    loading.remove();
    root.classList.remove("is-loading");
    const state = batch.status === "processing" ? `${number(batch.progress.percent)} %` : statusWord(batch);
    document.title = `${join(state, batchName(batch))} – Skimlist`;
    root.classList.toggle("is-over", isOver(batch));
    const focused = root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    for (const part of Object.values(parts)) part.show(batch);
    if (focused) keepFocus(focused);
    panel.refresh();
    tell(batch);
  }

  /** Returns the focus to what had it, or from a command that is gone to the first of those that are there now. */
  function keepFocus(focused) {
    const isThere = root.contains(focused) && focused.checkVisibility();
    if (!isThere) parts.head.focus();
    else if (focused !== document.activeElement) focused.focus({ preventScroll: true });
  }

  /** Tells screen readers about every video of a short batch, and about every tenth part of a long one. */
  function tell(batch) {
    const { status, progress } = batch;
    const ended = progress.completed + progress.failed;
    const step = progress.total <= 20 ? ended : Math.floor(progress.percent / 10);
    const state = `${status} ${step}`;
    if (heard && heard !== state) announce(join(statusWord(batch), progressInWords(progress)));
    heard = state;
  }

  function showFailure(error, retryAt) {
    if (error?.status === 404) return vanish();
    setHidden(offline, error === null);
    if (error === null) return;
    const again = retryAt && t`Trying again in ${span((retryAt - Date.now()) / 1000)}.`;
    setText(trouble, [error.message, again].filter(Boolean).join(" "));
    setHidden(outdated, !again || !context.batch);
  }

  function vanish() {
    const view = noSuchBatch();
    root.classList.remove("is-loading");
    replaceChildren(root, view.element);
    document.title = `${view.title} – Skimlist`;
    closeDialogs();
  }

  function update({ parameters: { itemId }, query }) {
    context.selection = selectionOf(query);
    parts.queue.choose();
    parts.progress.take();
    parts.head.lead(Boolean(itemId));
    root.classList.toggle("has-panel", Boolean(itemId));
    parts.queue.mark(itemId);
    panel.open(itemId, query.get("at"));
  }

  update(route);
  watch.look();
  context.marks.load();
  return {
    title: t`Batch`,
    element: root,
    update,
    close() {
      watch.close();
      parts.progress.close();
      parts.queue.close();
      panel.stop();
    },
  };
}
