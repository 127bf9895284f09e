// How videos come here straight from YouTube: by a bookmark on computers, by sharing on phones.

import { copyBlock } from "../copy-block.js";
import { element } from "../dom.js";
import { notice } from "../notices.js";
import { nodes, t } from "../texts.js";

export function fromYouTube() {
  const address = `javascript:location.href="${location.origin}/#/new?urls="+encodeURIComponent(location.href)`;
  return element(
    "details",
    { class: "from-youtube" },
    element("summary", {}, t`Add videos straight from YouTube`),
    element(
      "div",
      { class: "by-bookmark" },
      element(
        "p",
        {},
        nodes`On a computer, drag ${bookmark(address)} to your bookmarks bar. Click it there while a video or playlist is open on YouTube: its link is filled in here.`,
      ),
      element("p", {}, t`If you cannot drag it, make a bookmark with this address:`),
      copyBlock(address),
    ),
    element(
      "p",
      {},
      t`On an Android phone, install this page from the menu of your browser, then share videos with Skimlist.`,
    ),
    element("p", {}, t`Links are only filled in; nothing starts by itself.`),
  );
}

/** A link to drag. Our policy forbids the page to run it, so a click only says what it is for. */
function bookmark(address) {
  const link = element("a", { class: "button small", onclick: explain }, t`Add to Skimlist`);
  link.setAttribute("href", address); // `element` refuses such addresses, because most come from elsewhere

  function explain(event) {
    event.preventDefault();
    notice(t`Drag this button to your bookmarks bar.`);
  }

  return link;
}
