// The playlists and channels among the pasted links: their titles, which of their videos are wanted, and the playlists
// of a channel to choose from.

import { isPassing } from "../api.js";
import { ask } from "../dialogs.js";
import { button, element, replaceChildren, setHidden, userText } from "../dom.js";
import { check } from "../fields.js";
import { counted, isolated, join, number } from "../format.js";
import { icon } from "../icons.js";
import { attempt, once } from "../notices.js";
import { sourceProblem } from "../source-problem.js";
import { keepTitle } from "../source-titles.js";
import { t } from "../texts.js";
import { selectionInWords, sourceSelection } from "./source-selection.js";

const PAUSE_MS = 500; // a handle grows letter by letter, and each of its beginnings may be a channel
const FEW = 8; // playlists need no search
const MOST = 20; // one request asks about no more; others have only their links
const reading = () => ({
  playlist: t`Reading playlist …`,
  channel: t`Reading channel …`,
  channel_playlists: t`Reading playlists …`,
});

/**
 * Calls `onChange` whenever more is known or other videos are wanted, and `replace(link, lines)` when playlists of a
 * channel were chosen.
 */
export function pastedSources(api, { onChange, replace }) {
  const described = new Map(); // by address; null if there is no answer
  const asked = new Set();
  const unanswered = new Set(); // may be asked about again when the text changes
  const own = new Map(); // selections by address, where they differ from the common one; null for all videos
  let common = null;
  const rows = new Map();
  const list = element("ul", { class: "sources", hidden: true, "aria-label": t`Playlists and channels` });
  let sources = [];
  let timer = 0;

  function show(links) {
    sources = [...new Map(links.filter(isSource).map((link) => [link.url, link])).values()];
    for (const url of unanswered) described.delete(url);
    unanswered.clear();
    clearTimeout(timer);
    timer = setTimeout(describe, PAUSE_MS);
    draw();
  }

  /** Asks about all that is new in one request. Without an answer, a source stays what its link says. */
  async function describe() {
    const wanted = shown().filter(isUnknown);
    if (!wanted.length) return;
    for (const { url } of wanted) asked.add(url);
    const urls = wanted.map(({ url }) => url);
    try {
      const answer = await api.post("sources/describe", { sources: urls });
      for (const each of answer.sources) take(each.source, each);
    } catch (error) {
      const isFinal = !isPassing(error) || error.code === "too_many_lookups";
      for (const url of urls) {
        described.set(url, null);
        if (!isFinal) unanswered.add(url);
      }
    }
    for (const url of urls) asked.delete(url);
    draw();
    onChange();
  }

  function take(url, about) {
    described.set(url, about);
    unanswered.delete(url);
    keepTitle(url, about.title);
  }

  function describeAgain({ url }) {
    described.delete(url);
    draw();
    describe();
  }

  function shown() {
    return sources.slice(0, MOST);
  }

  function isUnknown({ url }) {
    return !described.has(url) && !asked.has(url);
  }

  function draw() {
    const returnFocus = focusInRows();
    setHidden(list, !sources.length);
    replaceChildren(
      list,
      shown().map(rowOf),
      sources.length > MOST && element("li", { class: "soft" }, t`and ${number(sources.length - MOST)} more`),
    );
    returnFocus();
  }

  /** Returns what gives the focus back to the button of a source whose row is drawn again. */
  function focusInRows() {
    const [url] = [...rows].find(([, { row: before }]) => before.contains(document.activeElement)) ?? [];
    return () => {
      const now = rows.get(url)?.row;
      if (!now?.contains(document.activeElement)) now?.querySelector("button")?.focus({ preventScroll: true });
    };
  }

  /** Returns the row of a source, the same one as long as nothing about it has changed, which keeps the focus. */
  function rowOf(link) {
    const { status, url } = link;
    const state = JSON.stringify([status, described.has(url), described.get(url), selectionOf(link), common]);
    if (rows.get(link.url)?.state !== state) rows.set(link.url, { state, row: row(link) });
    return rows.get(link.url).row;
  }

  function row(link) {
    const found = described.get(link.url);
    const isOpen = !described.has(link.url);
    const problem = sourceProblem(found);
    return element(
      "li",
      { class: `source ${problem ? "failed" : ""}` },
      icon(problem ? "cross" : "playlist"),
      element(
        "div",
        { class: "source-about" },
        isOpen ? element("i", { class: "source-title skeleton-text", "aria-hidden": "true" }) : title(link, found),
        element("small", {}, isOpen ? reading()[link.status] : (problem ?? details(link, found))),
      ),
      problem ? null : element("div", { class: "source-actions" }, actions(link, found)),
    );
  }

  function title(link, found) {
    return userText(found?.title ? "b" : "code", found?.title ?? link.url, { class: "source-title" });
  }

  function actions(link, found) {
    if (link.status === "channel_playlists") {
      if (!described.has(link.url)) return null;
      if (!found?.playlists) return button({ class: "small", onclick: () => describeAgain(link) }, t`Try again`);
      return button({ class: "primary small", onclick: () => choosePlaylists(link, found) }, t`Choose playlists`);
    }
    return [
      element("small", {}, inWords(selectionOf(link), found)),
      button({ class: "small", onclick: () => chooseVideos(link, found) }, t`Choose videos`),
    ];
  }

  function selectionOf({ url }) {
    return own.has(url) ? own.get(url) : common;
  }

  async function chooseVideos(link, found) {
    const selection = sourceSelection(selectionOf(link));
    const forAll = element("input", { type: "checkbox" });
    const chosen = await ask({
      title: found?.title ? t`Which videos of “${found.title}”?` : t`Which of its videos?`,
      content: [
        selection.element,
        sources.length > 1 && check(t`Apply to all playlists and channels`, null, forAll),
      ],
      action: t`Apply`,
      read: () => ({ select: selection.read(), isForAll: forAll.checked }),
    });
    if (chosen) choose(link, chosen);
  }

  function choose({ url }, { select, isForAll }) {
    if (isForAll) {
      common = select;
      own.clear();
    } else if (JSON.stringify(select) === JSON.stringify(common)) own.delete(url);
    else own.set(url, select);
    draw();
    onChange();
  }

  async function choosePlaylists(link, found) {
    const picks = playlistPicks(api, link, found);
    const chosen = await ask({
      title: t`Playlists of “${found.title}”`,
      content: [picks.element],
      action: t`Add these playlists`,
      canAct: () => picks.read().length > 0,
      read: picks.read,
    });
    if (!chosen?.length) return;
    for (const each of chosen) take(each.url, { ...each, channel: found.title });
    // A row is kept while its link moves to another line.
    replace(
      sources.find(({ url }) => url === link.url) ?? link,
      chosen.map(({ url }) => url),
    );
  }

  return {
    element: list,
    show,
    selectOf: ({ url }) => own.get(url),
    selectionOf,
    titleOf: ({ url }) => described.get(url)?.title,
    amount: () => sum(sources.filter(({ status }) => status !== "channel_playlists").map(wantedOf)),
    get common() {
      return common;
    },
    about: (link) => (isSource(link) && sourceProblem(described.get(link.url)) ? t`cannot be read` : inShort(link)),
  };

  /** How many videos of a source are wanted, as far as its description tells; null if it does not. */
  function wantedOf(link) {
    const found = described.get(link.url);
    if (sourceProblem(found)) return { videos: 0, isAtMost: false };
    if (typeof found?.videos !== "number") return null;
    const { newest = Infinity, ...conditions } = selectionOf(link) ?? {};
    return { videos: Math.min(found.videos, newest), isAtMost: Object.keys(conditions).length > 0 };
  }

  function inShort({ url }) {
    const found = described.get(url);
    return found?.title ? join(isolated(found.title), amount(found)) : null;
  }
}

function sum(amounts) {
  if (amounts.includes(null)) return null;
  const videos = amounts.reduce((total, each) => total + each.videos, 0);
  return { videos, isAtMost: amounts.some((each) => each.isAtMost) };
}

function isSource({ status }) {
  return status in reading();
}

function details(link, found) {
  if (link.status === "channel_playlists") return toChooseFrom(found);
  const kind = link.status === "playlist" ? t`playlist` : t`channel`;
  const channel = link.status === "playlist" && found?.channel;
  return join(kind, channel, amount(found));
}

function toChooseFrom(found) {
  if (!found?.playlists) return t`Its playlists cannot be read now, so this link will be left out.`;
  return found.next_cursor ? t`playlists to choose from` : t`${amount(found)} to choose from`;
}

function amount(found) {
  if (found?.playlists) return found.next_cursor ? null : counted(found.playlists.length, "playlist");
  return typeof found?.videos === "number" ? counted(found.videos, "video") : null;
}

/** A source that has no more videos than the newest that are wanted is taken whole. */
function inWords(select, found) {
  const whole = { title_includes: [], title_excludes: [], shorts: true, streams: true, premieres: true };
  const isWhole = typeof found?.videos === "number" && found.videos <= select?.newest;
  return selectionInWords({ ...whole, ...select, ...(isWhole && { newest: null }) }) || t`all its videos`;
}

/** Returns the playlists of a channel with a checkbox each, and `read`, which gives the chosen ones. */
function playlistPicks(api, link, found) {
  const picks = [];
  let cursor = found.next_cursor;
  const list = element("ul", { class: "playlist-picks" });
  const all = element("input", { type: "checkbox", onchange: () => tickAll(all.checked) });
  const search = element("input", { type: "search", dir: "auto", placeholder: t`Search`, "aria-label": t`Search the titles` });
  const selectAll = check(t`Select all`, null, all);
  const more = button({ class: "quiet", onclick: once(showMore) }, t`Show more playlists`);

  function add(playlists) {
    for (const playlist of playlists) {
      const box = element("input", { type: "checkbox" });
      const label = element(
        "label",
        { class: "check" },
        box,
        element("span", {}, userText("span", playlist.title), element("small", {}, amount(playlist) ?? "")),
      );
      picks.push({ playlist, box, row: element("li", {}, label) });
    }
    list.append(...picks.slice(-playlists.length).map(({ row }) => row));
    setHidden(search, picks.length <= FEW && !cursor);
    setHidden(selectAll, picks.length === 1 && !cursor);
    setHidden(more, !cursor);
    filter();
  }

  function filter() {
    const words = search.value.trim().toLocaleLowerCase();
    for (const { playlist, row } of picks) setHidden(row, !playlist.title.toLocaleLowerCase().includes(words));
  }

  function tickAll(isTicked) {
    for (const { box, row } of picks) if (!row.hidden) box.checked = isTicked;
  }

  async function showMore() {
    const answer = await attempt(() => api.post("sources/describe", { sources: [link.url], cursor }));
    const further = answer?.sources[0];
    if (!further?.playlists) return;
    cursor = further.next_cursor;
    add(further.playlists);
  }

  search.addEventListener("input", filter);
  add(found.playlists);
  return {
    element: element("div", { class: "pick-playlists" }, search, selectAll, list, more),
    read: () => picks.filter(({ box }) => box.checked).map(({ playlist }) => playlist),
  };
}
