// Search, filters and sort order above the videos of a batch; the address contains the choice.

import { button, element, replaceChildren, setHidden, setText } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { go, places, rewrite } from "../router.js";
import { EVERYTHING, isEverything, queryOf } from "../selection.js";
import { videoWords } from "../status.js";
import { t } from "../texts.js";

const PAUSE_MS = 80; // between the key presses of a fast typist
const statuses = (isDraft, words = videoWords()) => [
  ["unread", t`Unread`, ({ completed }, marks) => Math.max(completed - marks.read, 0)],
  ["starred", t`Starred`, (progress, marks) => marks.starred],
  ["doubtful", t`To check`, (progress, marks, { unverified }) => (unverified > 0 ? "" : 0)],
  ["completed", words.completed, ({ completed }) => completed],
  ["failed", isDraft ? words.impossible : words.failed, ({ failed }) => failed],
  ["processing", words.processing, ({ current_video: current }) => Number(Boolean(current))],
  ["pending", words.pending, ({ left, current_video: current }) => left - Number(Boolean(current))],
  ["skipped", words.skipped, ({ skipped }) => skipped],
];
const WITHOUT_SUMMARY = new Set(["failed", "skipped", "processing"]);
const orders = () => [
  ["", t`Queue order`],
  ["newest", t`Newest first`],
  ["length", t`Longest first`],
  ["channel", t`By channel`],
  ["cost", t`Most expensive first`],
  ["status", t`By status`],
];

/** `heading` and `note` are its first parts. Calls `onChange` after changing `context.selection` without showing another address. */
export function queueFilter(context, [heading, note], { onChange, jump, pick }) {
  const search = element("input", {
    type: "search",
    dir: "auto",
    maxlength: 100,
    autocomplete: "off",
    placeholder: t`Search titles and summaries`,
    "aria-label": t`Filter videos`,
    "aria-keyshortcuts": "/",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(type, PAUSE_MS);
    },
  });
  const status = element("select", { "aria-label": t`Status`, onchange: () => turnTo({ status: status.value }) });
  const order = element(
    "select",
    { "aria-label": t`Order`, onchange: () => turnTo({ sort: order.value }) },
    orders().map(([value, label]) => element("option", { value }, label)),
  );
  const tag = button({ class: "small", onclick: () => turnTo({ tag: "" }) }, element("bdi", {}), icon("close"));
  const expand = element("a", { class: "button small" }, icon("expand"), t`Expand all`);
  const all = button({ class: "quiet small", onclick: () => turnTo(EVERYTHING) }, t`Show all`);
  const several = button({ class: "quiet small", "aria-pressed": "false", onclick: pick }, icon("check"), t`Select`);
  const current = button({ class: "quiet small", onclick: jump }, icon("down"), t`Jump to the current one`);
  const root = element(
    "div",
    { class: "queue-filter", role: "search" },
    element("div", { class: "filter-more" }, heading, note, tag, all, current, several, expand),
    search,
    element("div", { class: "filter-choices" }, status, order),
  );
  const forSeveral = [search, status, order, several];
  for (const each of forSeveral) each.hidden = true;
  let timer = 0;
  let drawn = "";

  /** Replaces the address, because nobody wants every letter in the browser's history. */
  function type() {
    context.selection = { ...context.selection, q: search.value.trim() };
    rewrite(address());
    onChange();
  }

  function turnTo(change) {
    clearTimeout(timer);
    context.selection = { ...context.selection, q: search.value.trim(), ...change };
    search.value = context.selection.q; // at once: the next choice may come before the address has changed
    go(address());
  }

  function address() {
    return places.batch(context.id, queryOf(context.selection));
  }

  function clear() {
    context.selection = EVERYTHING;
    rewrite(address());
    onChange();
  }

  /** Shows what is selected. */
  function take() {
    const { q, status: wanted, tag: wantedTag, sort } = context.selection;
    if (document.activeElement !== search || !q) search.value = q;
    order.value = sort;
    setHidden(tag, !wantedTag);
    setText(tag.firstChild, `#${wantedTag}`);
    tag.setAttribute("aria-label", t`Tag ${wantedTag}: show other videos too`);
    setHidden(all, isEverything(context.selection));
    showExpand();
    expand.setAttribute("href", places.all(context.id, queryOf(context.selection)));
    drawStatuses(wanted);
  }

  /** Offers the summaries of the listed videos if they can have any. */
  function showExpand() {
    setHidden(expand, !context.batch?.progress.completed || WITHOUT_SUMMARY.has(context.selection.status));
  }

  function showPicking(isPicking) {
    several.setAttribute("aria-pressed", String(isPicking));
  }

  function show(batch) {
    for (const each of forSeveral) setHidden(each, batch.progress.total < 2);
    showExpand();
    setHidden(current, !batch.progress.current_video);
    drawStatuses(context.selection.status);
  }

  function drawStatuses(wanted) {
    const progress = context.batch?.progress;
    if (!progress) return;
    const isDraft = context.batch.status === "draft";
    const amounts = statuses(isDraft).map(([value, label, count]) => [value, label, count(progress, context.marks, context.batch)]);
    const text = JSON.stringify([amounts, wanted]);
    if (text === drawn) return;
    drawn = text;
    const offered = amounts.filter(([value, , amount]) => amount !== 0 || value === wanted);
    replaceChildren(
      status,
      element("option", { value: "" }, t`Any status`),
      ...offered.map(([value, label, amount]) => element("option", { value }, amount === "" ? label : `${label} (${number(amount)})`)),
    );
    status.value = wanted;
  }

  /** Moves the focus to the search on `/`, as in most readers. */
  function onKey(event) {
    const isElsewhere = event.target.closest?.("input, textarea, select, dialog") || !search.offsetParent;
    if (event.key !== "/" || isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  }

  document.addEventListener("keydown", onKey);
  return {
    element: root,
    show,
    take,
    clear,
    showPicking,
    close() {
      clearTimeout(timer);
      document.removeEventListener("keydown", onKey);
    },
  };
}
