// The field for links, with what is known of the playlists and channels among them.

import { element } from "../dom.js";
import { LinkCheck } from "../link-check.js";

/** Calls `onChange` whenever the links change or more is known of them. */
export function pastedLinks(api, { label, hint, onChange }) {
  const links = new LinkCheck(api, {
    label,
    hint,
    onChange: take,
    about: (link) => sources?.about(link),
    selectOf: (link) => sources?.selectOf(link),
  });
  const place = element("div", { hidden: true });
  let sources = null; // loaded with the first playlist or channel
  let counts = null; // of the last check; null while there is none

  function take(found) {
    counts = found;
    if (sources) sources.element.inert = !found; // the links may not be there any more
    onChange();
    if (found) show(found.lines);
  }

  /** Shows the titles of playlists and channels. The field works without them. */
  async function show(found) {
    if (!sources && found.some((link) => canFollow(link) || link.status === "channel_playlists")) {
      const script = await import("./pasted-sources.js").catch(() => null);
      if (!script) return;
      sources ??= script.pastedSources(api, { onChange: refresh, replace: (link, lines) => links.replace(link, lines) });
      place.replaceWith(sources.element);
    }
    sources?.show(found);
    refresh();
  }

  function refresh() {
    links.refresh();
    onChange();
  }

  return {
    element: element("div", { class: "pasted-links" }, links.element, place),
    append: (text) => links.append(text),
    titleOf: (link) => sources?.titleOf(link),
    selectionOf: (link) => sources?.selectionOf(link) ?? null,

    get lines() {
      return links.lines;
    },

    /** Whether they bring any video, as far as is known. */
    get isReady() {
      return counts !== null && counts.valid + counts.playlists + counts.channels > 0;
    },

    /** How many videos they bring: `{ videos, isAtMost }`; null if that is not known. */
    get amount() {
      if (!counts) return null;
      if (counts.playlists + counts.channels === 0) return { videos: counts.valid, isAtMost: false };
      const found = sources?.amount();
      return found ? { ...found, videos: found.videos + counts.valid } : null;
    },

    /** The playlist or channel, if nothing else is pasted. */
    get onlySource() {
      const isOne = counts && counts.playlists + counts.channels === 1 && !counts.valid;
      return (isOne && counts.lines.find(canFollow)) || null;
    },

    /** The links, and which of their videos are wanted, as the API takes them. */
    get request() {
      const select = sources?.common;
      return { ...links.request, ...(select && { select }) };
    },
  };
}

function canFollow({ status }) {
  return status === "playlist" || status === "channel";
}
