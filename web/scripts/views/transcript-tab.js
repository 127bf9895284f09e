// What was said in a video, in a tab beside its summary: it can be searched, and it follows the moment that plays.

import { button, element, externalLink, replaceChildren, setHidden, setText } from "../dom.js";
import { clockTime, number, videoTime } from "../format.js";
import { icon } from "../icons.js";
import { findIn, fold, marked } from "../search-marks.js";
import { t } from "../texts.js";

const PAUSE_MS = 80; // between the key presses of a fast typist
const MARGIN = 16; // pixels

/** Puts what is below the header of a summary into a tab, and the transcript into another one. */
export function withTranscript(api, sheet, summary) {
  const [header, ...parts] = sheet.children;
  const said = transcript(api, summary);
  const panels = [element("div", { class: "tab-panel" }, parts), said.element];
  const tabs = [t`Summary`, isDescribed(summary) ? t`Description` : t`Transcript`].map(
    (label, index) => button({ role: "tab", onclick: () => choose(index), onkeydown: onKey }, label),
  );
  panels.forEach((panel, index) => {
    tabs[index].id = `tab-${index}-${summary.id}`;
    panel.id = `panel-${index}-${summary.id}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tabs[index].id);
    tabs[index].setAttribute("aria-controls", panel.id);
  });

  function choose(wanted) {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === wanted));
      tab.tabIndex = index === wanted ? 0 : -1;
      setHidden(panels[index], index !== wanted);
    });
    if (wanted === 1) said.open();
  }

  /** As tabs go: the arrows lead to the other one, and not to the next video. */
  function onKey(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    const other = 1 - tabs.indexOf(event.currentTarget);
    choose(other);
    tabs[other].focus();
  }

  sheet.addEventListener("moment", ({ detail }) => said.follow(detail));
  header.after(
    element("div", { class: "tabs", role: "tablist", "aria-label": t`Summary and transcript` }, tabs),
    ...panels,
  );
  choose(0);
  return sheet;
}

/** Whether a description stands in for what was said. */
function isDescribed(summary) {
  return summary.caption_kind === "description";
}

function transcript(api, summary) {
  const label = isDescribed(summary) ? t`Search the description` : t`Search the transcript`;
  const search = element("input", {
    type: "search",
    class: "transcript-search",
    dir: "auto",
    "aria-label": label,
    placeholder: label,
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(find, PAUSE_MS);
    },
    onkeydown: (event) => event.key === "Enter" && jump(event),
  });
  const count = element("span", { class: "soft", role: "status" });
  const before = arrow("up", t`Previous place`, () => step(-1));
  const after = arrow("down", t`Next place`, () => step(1));
  const ways = element("span", { class: "transcript-ways", hidden: true }, count, before, after);
  const lines = element("ol", { class: "transcript-lines" });
  const bar = element("div", { class: "transcript-bar" }, search, ways);
  const root = element("div", { class: "transcript tab-panel" }, bar, lines);
  // A line that gets the focus is not behind the search.
  const sized = new ResizeObserver(() => root.style.setProperty("--search", `${bar.offsetHeight}px`));
  sized.observe(bar);
  let rows = []; // { node, said, text, placesOf, start } in order
  let hits = []; // the marks in the lines
  let hit = -1;
  let now = null;
  let last = null; // the moment that played last, in seconds
  let timer = 0;
  let isAsked = false;

  async function open() {
    if (isAsked) return;
    isAsked = true;
    replaceChildren(lines, element("li", { class: "soft" }, t`Loading …`));
    try {
      show(await api.get(`batch/${summary.batch_id}/items/${summary.item_id}/transcript`));
    } catch (error) {
      isAsked = false;
      const again = button({ onclick: open }, icon("retry"), t`Try again`);
      replaceChildren(lines, element("li", {}, element("p", {}, error.message), again));
    }
  }

  function show({ segments, has_times: hasTimes, video_id: videoId }) {
    rows = segments.map(({ text, start }) => {
      const said = element("span", {}, text);
      const node = element("li", { dir: "auto" }, hasTimes && timeLink(videoId, start), said);
      return { start: hasTimes ? start : null, text, said, node, placesOf: findIn(text) };
    });
    replaceChildren(lines, ...rows.map(({ node }) => node));
    find();
    if (last !== null) follow(last);
  }

  /** Marks every place that has what is searched for, and goes to the first one. */
  function find() {
    clearTimeout(timer);
    const wanted = fold(search.value.trim());
    hits = [];
    hit = -1;
    for (const { said, text, placesOf } of rows) {
      const places = wanted ? placesOf([wanted]) : [];
      if (places.length > 0 || said.children.length > 0) replaceChildren(said, ...marked(text, places));
      hits.push(...said.children);
    }
    setHidden(ways, !wanted);
    setText(count, t`Not found`);
    for (const each of [before, after]) each.disabled = hits.length === 0;
    if (hits.length > 0) go(0);
  }

  /** Enter leads to the next place, with Shift to the one before. */
  function jump(event) {
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  }

  function step(by) {
    if (hits.length > 0) go((hit + by + hits.length) % hits.length);
  }

  function go(index) {
    hits[hit]?.removeAttribute("aria-current");
    hit = index;
    hits[hit].setAttribute("aria-current", "true");
    setText(count, t`${number(hit + 1)} of ${number(hits.length)}`);
    reveal(hits[hit]);
  }

  /** Marks what is said at this second. */
  function follow(seconds) {
    last = seconds;
    const next = rows.findLast(({ start }) => start !== null && start <= seconds);
    if (next === now) return;
    now?.node.removeAttribute("aria-current");
    now = next ?? null;
    now?.node.setAttribute("aria-current", "true");
    // Whoever searches looks at other lines.
    if (now && !root.hidden && !search.value) reveal(now.node);
  }

  /** Scrolls a line into what the player and the search leave visible of it. */
  function reveal(node) {
    const { top, bottom } = node.getBoundingClientRect();
    const above = parseFloat(getComputedStyle(bar).insetBlockStart) + bar.offsetHeight + MARGIN;
    const below = (visualViewport?.height ?? innerHeight) - MARGIN;
    if (top < above || bottom > below) scrollBy({ top: top - above - (below - above) / 4, behavior: "instant" });
  }

  return { element: root, open, follow };
}

function arrow(mark, label, act) {
  return button({ class: "quiet icon-only", "aria-label": label, title: label, onclick: act }, icon(mark));
}

function timeLink(videoId, seconds) {
  const label = t`Watch from ${clockTime(seconds)}`;
  return externalLink(
    videoTime(videoId, seconds),
    { class: "time", "data-start": seconds, "aria-label": label },
    clockTime(seconds),
  );
}
