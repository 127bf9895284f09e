// Plays a moment of a video in the page, in YouTube's own player without cookies. Nothing is loaded before a click.

import { button, element, externalLink, setText } from "../dom.js";
import { clockTime, videoTime } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";

const PLAYER = "https://www.youtube-nocookie.com";

/**
 * Makes the links to moments in `sheet` play there; with a modifier key, they open YouTube. While the video plays, the
 * sheet gets an event `moment` with each second.
 */
export function playWithin(sheet, summary) {
  let player = null;
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!player?.element.isConnected) {
      player = moviePlayer(summary, (seconds) => sheet.dispatchEvent(new CustomEvent("moment", { detail: seconds })));
      sheet.querySelector("header").after(player.element);
    }
    player.play(Number(link.dataset.start));
    // What was clicked goes on being read, so it must not lie behind the player.
    link.scrollIntoView({ block: "nearest" });
  });
}

function moviePlayer({ video_id: videoId, title }, onMoment) {
  const place = element("span", { class: "soft" });
  const outside = externalLink("#", {}, t`Open on YouTube`, icon("outside"));
  const frame = element("iframe", {
    title: t`Player: ${title}`,
    allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    // Without the address of the embedding page, YouTube refuses to play (its error 153).
    referrerpolicy: "strict-origin-when-cross-origin",
  });
  const close = button({ class: "quiet icon-only", "aria-label": t`Close the player`, onclick: remove }, icon("close"));
  const root = element("div", { class: "player" }, frame, element("p", { class: "player-bar" }, place, outside, close));
  // What sticks below the player has to know how high it is.
  const tellHeight = () => root.parentElement?.style.setProperty("--player", `${root.offsetHeight}px`);
  const sized = new ResizeObserver(tellHeight);
  sized.observe(root);

  function play(seconds) {
    const options = `start=${Math.floor(seconds)}&autoplay=1&rel=0&enablejsapi=1`;
    frame.src = `${PLAYER}/embed/${encodeURIComponent(videoId)}?${options}`;
    outside.href = videoTime(videoId, seconds);
    setText(place, t`From ${clockTime(seconds)}`);
    tellHeight();
    onMoment(seconds);
  }

  function remove() {
    sized.disconnect();
    removeEventListener("message", hear);
    root.remove();
  }

  /** The player tells its time to whoever asks for it once (YouTube's IFrame API). */
  function hear({ source, origin, data }) {
    if (!root.isConnected) return remove();
    if (source !== frame.contentWindow || origin !== PLAYER) return;
    const seconds = timeIn(data);
    if (seconds !== null) onMoment(seconds);
  }

  frame.addEventListener("load", () => {
    // Before it has an address, an empty page loads, which is not the player's.
    if (!frame.src) return;
    frame.contentWindow.postMessage(JSON.stringify({ event: "listening", id: 1, channel: "widget" }), PLAYER);
  });
  addEventListener("message", hear);

  return { element: root, play };
}

/** The second in a message of the player; null in any other message. */
function timeIn(data) {
  try {
    const seconds = JSON.parse(data).info?.currentTime;
    return Number.isFinite(seconds) ? seconds : null;
  } catch {
    return null;
  }
}
