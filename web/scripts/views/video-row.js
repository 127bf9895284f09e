// One video in the queue. A row is created once and then only updated, so that focus and selection stay.

import { videoName } from "../batch-names.js";
import { button, element, factsLine, replaceChildren, setHidden, setText, userText, visuallyHidden } from "../dom.js";
import { counted, dollars, fineSpan, lengthOf, number, roughSpan, tokens, uploaded } from "../format.js";
import { icon } from "../icons.js";
import { once } from "../notices.js";
import { places } from "../router.js";
import { findIn, marked } from "../search-marks.js";
import { queryOf, statusOf, wordsOf } from "../selection.js";
import { videoWords } from "../status.js";
import { captionSource } from "../caption-source.js";
import { explained, t, translated } from "../texts.js";
import { languageName } from "./language-choice.js";
import { passage, placeOf } from "./passage.js";

const ICONS = {
  pending: "clock",
  completed: "check",
  failed: "cross",
  impossible: "cross",
  skipped: "skip",
};

export function videoRow(actions) {
  let state = {};
  let drawn = "";
  const handle = element("span", { class: "handle", title: t`Drag to reorder`, "aria-hidden": "true" }, icon("handle"));
  const pick = element("input", {
    type: "checkbox",
    class: "pick",
    tabindex: "-1",
    hidden: true,
    onchange: () => actions.pick(state.item),
  });
  const position = element("span", { class: "position" });
  // The title decides on the direction of what is said about the video, and not our own words around it.
  const title = element("a", { class: "title", tabindex: "-1" });
  const unread = element("span", { class: "unread-mark", title: t`Unread` }, visuallyHidden([t`Unread:`, " "]));
  const starred = element("bdi", { class: "starred-mark" }, icon("star"), visuallyHidden(t`starred`));
  const second = element("span", { class: "second" });
  const tldr = element("span", { class: "row-tldr", dir: "auto" });
  const status = element("span", { class: "status" });
  const figures = element("span", { class: "numbers facts" });
  const retry = button(
    { class: "small", tabindex: "-1", onclick: once(() => actions.retry(state.item)) },
    t`Retry`,
  );
  const more = button(
    {
      class: "quiet icon-only",
      tabindex: "-1",
      onclick: () => actions.more(state.item, Number(node.dataset.index), more),
    },
    icon("more"),
    element("span", { class: "visually-hidden" }),
  );
  const node = element(
    "li",
    { class: "row" },
    element("span", { class: "grip" }, handle, pick),
    position,
    unread,
    element(
      "span",
      { class: "what", dir: "auto" },
      element("span", { class: "title-line" }, title, starred),
      second,
      tldr,
    ),
    element("span", { class: "state" }, status, retry, figures),
    element("span", { class: "row-actions" }, more),
  );
  node.addEventListener("click", (event) => {
    // While videos are selected, links are part of the row, but not for keys, and not for clicks that open a tab or a window.
    const isPlain = event.detail > 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const isLink = event.target.closest("a") && !(state.isPicking && isPlain);
    const isElsewhere = isLink || event.target.closest("button, input, .handle") || String(getSelection());
    if (!state.item || isElsewhere) return;
    event.preventDefault();
    if (state.isPicking) actions.pick(state.item);
    else actions.open(state.item);
  });
  node.addEventListener("focusin", () => reach(0));
  node.addEventListener("focusout", (event) => node.contains(event.relatedTarget) || reach(-1));

  /** Tab stops only inside the focused row. */
  function reach(tabIndex) {
    for (const stop of [pick, retry, more, ...node.querySelectorAll(".what a")]) stop.tabIndex = tabIndex;
  }

  /** Returns the text with marks around what is searched for. */
  function withMarks(text) {
    const words = wordsOf(state.selection.q);
    return words.length > 0 ? marked(text, findIn(text)(words)) : [text];
  }

  /** The tags, if there are any; each lists the videos that have it too. */
  function tags({ tags: names }) {
    const { batch, selection } = state;
    return names?.length > 0 && names.map((tag, index) => [
      index > 0 && " ",
      userText("a", withMarks(`#${tag}`), {
        class: "tag",
        href: places.batch(batch.id, queryOf({ ...selection, tag })),
        tabindex: "-1",
      }),
    ]);
  }

  /** The statement that has the words of the search; it leads to its place in the summary. */
  function wayTo(match, item) {
    const address = queryOf({ ...state.selection, at: placeOf(match) });
    const href = places.video(state.batch.id, item.id, address);
    return element("a", { class: "passage", href, tabindex: "-1" }, passage(match, wordsOf(state.selection.q)));
  }

  /** Shows a video; returns whether anything has changed. */
  function show(index) {
    state = actions.stateOf(index);
    const { item, batch, canMove, isMarked, isUnread, isStarred, selection, match, isPicking, isPicked } = state;
    const current = batch.progress.current_video?.item_id === item?.id ? batch.progress.current_video : null;
    const text = JSON.stringify([
      item,
      state.position,
      canMove,
      isMarked,
      isUnread,
      isStarred,
      selection,
      match,
      isPicking,
      isPicked,
      current,
      batch.status === "draft",
    ]);
    if (text === drawn) return false;
    drawn = text;
    if (item) draw(item, current);
    else drawPlaceholder();
    return true;
  }

  function drawPlaceholder() {
    node.className = "row is-empty";
    setText(position, number(state.position));
    for (const part of [title, second, tldr]) setText(part, "");
  }

  function draw(item, current) {
    const shown = statusOf(item, current?.item_id);
    const name = videoName({ ...item, title: item.title ?? current?.title });
    node.className = `row ${shown}${state.isMarked ? " marked" : ""}${state.isUnread ? " unread" : ""}${state.canMove ? " movable" : ""}${state.isPicked ? " picked" : ""}`;
    setText(position, number(state.position));
    replaceChildren(title, ...withMarks(name));
    title.setAttribute("href", places.video(state.batch.id, item.id, queryOf(state.selection)));
    const wrong = problem(item, shown);
    const facts = origin(item, shown).map((fact) => fact && withMarks(fact));
    replaceChildren(second, ...(wrong ? [wrong] : factsLine(...facts, tags(item))));
    second.classList.toggle("is-whole", Boolean(wrong));
    replaceChildren(tldr, ...(state.match?.statement ? [wayTo(state.match, item)] : withMarks(beginning(item))));
    setHidden(tldr, !tldr.textContent);
    drawStatus(shown, current);
    replaceChildren(figures, ...factsLine(...(state.batch.status === "draft" ? forecast(item) : result(item))));
    setHidden(figures, !figures.textContent);
    setHidden(retry, !(shown === "failed" && item.error?.retryable));
    retry.setAttribute("aria-label", t`Retry ${name}`);
    setHidden(pick, !state.isPicking);
    setHidden(handle, state.isPicking);
    pick.checked = state.isPicked;
    pick.setAttribute("aria-label", t`Select ${name}`);
    setHidden(unread, !state.isUnread);
    setHidden(starred, !state.isStarred);
    setText(more.lastChild, t`More about ${name}`);
  }

  function drawStatus(shown, current) {
    const isDraft = state.batch.status === "draft";
    const kind = isDraft && shown === "failed" ? "impossible" : shown;
    status.style.setProperty("--part", `${current?.percent ?? 0}%`);
    setHidden(status, isDraft && kind === "pending"); // nothing waits before the start
    const word = kind === "pending" && state.item.redo ? t`To be redone` : videoWords()[kind];
    const label = [word, current?.percent > 0 && `${current.percent} %`].filter(Boolean).join(" ");
    const mark = kind === "processing" ? element("span", { class: "share", "aria-hidden": "true" }) : icon(ICONS[kind]);
    replaceChildren(status, mark, element("span", {}, label));
  }

  return { element: node, show };
}

function problem({ error, redo_error: redoError }, shown) {
  if (error && shown === "failed") return explained(error);
  if (error && shown === "skipped") return translated(error.message);
  if (redoError) return [t`Summarizing it again failed.`, explained(redoError)].join(" ");
  return null;
}

function beginning({ status, tldr }) {
  return (status === "completed" && tldr) || "";
}

function origin(item, shown) {
  return [
    item.redo && againInWords(shown === "processing"),
    captionSource(item.caption_kind),
    // What decides whether somebody opens it comes first, because a narrow row cuts off the end.
    item.unverified > 0 && t`${counted(item.unverified, "statement")} to check`,
    lengthOf(item),
    item.channel,
    uploaded(item),
    item.title === null && t`title not known yet`,
  ];
}

/** What is said of a summary that is replaced as soon as another one is there. */
function againInWords(isUnderWay) {
  return isUnderWay
    ? t`being summarized again; this is the earlier summary`
    : t`will be summarized again; this is the earlier summary`;
}

function result(item) {
  if (item.status !== "completed" || item.redo) return [];
  const seconds = item.processing_time_seconds;
  return [
    seconds !== null && [visuallyHidden([t`took`, " "]), fineSpan(seconds)],
    [visuallyHidden([t`cost`, " "]), costOf(item)],
  ];
}

function costOf({ cost_usd: usd, cached }) {
  if (usd > 0) return dollars(usd);
  return cached ? t`reused, free` : t`free`;
}

function captions({ language_code: code, caption_kind: kind }) {
  const language = languageName(code);
  if (kind === "translated") return t`${language}, translated`;
  return captionSource(kind) ?? language;
}

function forecast({ preflight, status }) {
  if (!preflight) return status === "pending" ? [t`not checked`] : [];
  if (preflight.reused) return [captions(preflight), t`reused, free`];
  return [
    captions(preflight),
    t`${tokens(preflight.tokens_in + preflight.tokens_out)} tokens`,
    preflight.cost_usd > 0 && dollars(preflight.cost_usd),
    t`about ${roughSpan(preflight.seconds)}`,
  ];
}
