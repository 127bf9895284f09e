// The reader: the summary of one video, or the reason why there is none. It replaces the queue while it is open.

import { button, element, userText, externalLink, replaceChildren, setHidden, setText } from "../dom.js";
import { clockTime, join, moment, number, uploaded } from "../format.js";
import { icon } from "../icons.js";
import { once } from "../notices.js";
import { triesAgain } from "../status.js";
import { t, translated } from "../texts.js";
import { advicePart } from "./advice.js";
import { captionPlace, lacksCaptions, takeDrops } from "./give-captions.js";
import { moreFromChannel, summarySheet } from "./summary.js";
import { withTranscript } from "./transcript-tab.js";

const READ_AFTER_MS = 4_000;

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
      onclick: () => opened && context.star(opened, !context.marks.isStarred(opened)),
    },
    icon("star"),
  );
  const root = element(
    "section",
    { class: "panel", "aria-label": t`Video`, hidden: true },
    element("div", { class: "panel-bar" }, close, place, star, before, after),
    content,
  );
  let opened = null;
  let drawn = "";
  let shown = null; // the id of the video whose summary is shown
  let timer = 0;

  async function open(itemId) {
    leave();
    if (!itemId && opened) queue.focus(opened);
    opened = itemId ?? null;
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
    drawStar(item);
    const current = context.batch.progress.current_video;
    const state = JSON.stringify([
      wanted,
      item?.status,
      item?.error,
      item?.title,
      item?.summary_id,
      current?.item_id === wanted,
      context.batch.pause,
    ]);
    if (state === drawn) return;
    drawn = state;
    const sheet = await sheetOf(item, current);
    if (wanted === opened) replaceChildren(content, sheet);
  }

  /** Only a summary can be starred. */
  function drawStar(item) {
    setHidden(star, item?.status !== "completed");
    const isStarred = context.marks.isStarred(opened);
    star.setAttribute("aria-pressed", String(isStarred));
    star.setAttribute("aria-label", isStarred ? t`Remove the star` : t`Star`);
  }

  /** Marks a summary as read after a while, or when the reader moves on. */
  function beginReading(itemId) {
    clearTimeout(timer);
    shown = itemId;
    timer = setTimeout(noteRead, READ_AFTER_MS);
  }

  function leave() {
    clearTimeout(timer);
    if (shown) noteRead();
    shown = null;
  }

  /** Marks the video as read; after an error it just stays unread. */
  function noteRead() {
    context.marks.mark(shown, { read: true }).catch(() => {});
  }

  function sheetOf(item, current) {
    if (!item) return element("div", { class: "empty" }, element("h2", {}, t`There is no such video in this batch`));
    if (item.status === "completed") return completed(item);
    return item.status === "failed" && current?.item_id !== item.id
      ? failed(item)
      : waiting(item, current?.item_id === item.id);
  }

  async function completed(item) {
    try {
      const summary = await context.app.api.get(`summaries/${item.summary_id}`);
      if (item.id === opened) beginReading(item.id);
      return withTranscript(context.app.api, summarySheet(summary), summary);
    } catch (error) {
      drawn = "";
      return element(
        "div",
        { class: "empty" },
        element("h2", {}, t`The summary cannot be shown now`),
        element("p", {}, error.message),
        button({ onclick: refresh }, t`Try again`),
      );
    }
  }

  function failed(item) {
    const earlier = item.errors.slice(0, -1).reverse();
    const lacks = lacksCaptions(item);
    const retry = button(
      { class: item.error.retryable && !lacks ? "primary" : "", onclick: once(() => queue.retry(item)) },
      icon("retry"),
      item.error.retryable ? t`Try again` : t`Try anyway`,
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
    if (lacks) takeDrops(context, sheet, () => item);
    return sheet;
  }

  function waiting(item, isCurrent) {
    const { pause } = context.batch;
    const again = pause?.until && triesAgain(pause);
    const text = isCurrent
      ? t`This video is being processed. Its summary appears here as soon as it is done.`
      : item.status === "skipped"
        ? leftOut(item)
        : [t`This video waits at position ${number(item.position)}.`, again].filter(Boolean).join(" ");
    const back = () => button({ onclick: once(() => queue.putBack(item)) }, icon("retry"), t`Put back`);
    return element(
      "article",
      { class: "failure" },
      heading(item),
      element("p", {}, text),
      queue.canPutBack(item) && element("div", { class: "actions" }, back()),
    );
  }

  async function step(by) {
    const from = opened;
    const next = await queue.beside(from, by);
    if (next && from === opened) context.open(next.id);
  }

  /** Handles j and k, as in readers of feeds and email, and the left and right arrows, except while somebody types. */
  function onKey(event) {
    const isElsewhere = event.target.closest?.("input, textarea, select, dialog");
    if (!opened || isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
    const acts = {
      s: () => star.hidden || star.click(),
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
      document.removeEventListener("keydown", onKey);
    },
  };
}

function heading(item) {
  return element(
    "header",
    {},
    userText("h2", item.title ?? item.video_id),
    element(
      "p",
      { class: "soft" },
      userText("span", join(item.channel, lengthOf(item), uploaded(item))),
      " ",
      externalLink(item.url, {}, t`Watch on YouTube`, icon("outside")),
      moreFromChannel(item),
    ),
  );
}

function lengthOf(item) {
  return item.duration_seconds !== null && clockTime(item.duration_seconds);
}

function leftOut({ error }) {
  return [t`This video was left out of the batch.`, error && translated(error.message)].filter(Boolean).join(" ");
}
