// What was said in a video, in a tab beside its summary: it can be searched, and it follows the moment that plays.

import { button, element, externalLink, replaceChildren, setHidden, setText, userText } from "../dom.js";
import { clockTime, counted, number, videoTime } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";

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
    "aria-label": label,
    placeholder: label,
    oninput: find,
    onkeydown: (event) => event.key === "Enter" && jump(event),
  });
  const count = element("span", { class: "soft", role: "status" });
  const lines = element("ol", { class: "transcript-lines" });
  const root = element(
    "div",
    { class: "transcript tab-panel" },
    element("div", { class: "transcript-bar" }, search, count),
    lines,
  );
  let rows = []; // { node, start, text } in order
  let hits = [];
  let hit = -1;
  let now = null;
  let last = null; // the moment that played last, in seconds
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
    rows = segments.map(({ text, start }) => ({
      start: hasTimes ? start : null,
      text: text.toLocaleLowerCase(),
      node: element("li", {}, hasTimes && timeLink(videoId, start), userText("span", text)),
    }));
    replaceChildren(lines, ...rows.map(({ node }) => node));
    find();
    if (last !== null) follow(last);
  }

  function find() {
    const wanted = search.value.trim().toLocaleLowerCase();
    hits[hit]?.node.classList.remove("is-current-hit");
    hits = wanted ? rows.filter(({ text }) => text.includes(wanted)) : [];
    hit = -1;
    const found = new Set(hits);
    for (const row of rows) row.node.classList.toggle("is-hit", found.has(row));
    setText(count, wanted ? counted(hits.length, "place") : "");
    if (hits.length > 0) go(0);
  }

  /** Enter leads to the next place, with Shift to the one before. */
  function jump(event) {
    event.preventDefault();
    if (hits.length > 0) go((hit + (event.shiftKey ? -1 : 1) + hits.length) % hits.length);
  }

  function go(index) {
    hits[hit]?.node.classList.remove("is-current-hit");
    hit = index;
    hits[hit].node.classList.add("is-current-hit");
    setText(count, t`${number(hit + 1)} of ${counted(hits.length, "place")}`);
    hits[hit].node.scrollIntoView({ block: "nearest" });
  }

  /** Marks what is said at this second. */
  function follow(seconds) {
    last = seconds;
    const next = rows.findLast(({ start }) => start !== null && start <= seconds);
    if (next === now) return;
    now?.node.removeAttribute("aria-current");
    now = next ?? null;
    now?.node.setAttribute("aria-current", "true");
    if (!root.hidden && document.activeElement !== search) now?.node.scrollIntoView({ block: "nearest" });
  }

  return { element: root, open, follow };
}

function timeLink(videoId, seconds) {
  const label = t`Watch from ${clockTime(seconds)}`;
  return externalLink(
    videoTime(videoId, seconds),
    { class: "time", "data-start": seconds, "aria-label": label },
    clockTime(seconds),
  );
}
