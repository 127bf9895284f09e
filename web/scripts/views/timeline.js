// The chapters of a video as pieces of a strip, each as long as its part of the video. A wide strip of few chapters also says
// their titles; otherwise it is a thin one, as in players.

import { element, userText, externalLink } from "../dom.js";
import { clockTime, videoTime } from "../format.js";

const ROOM_FOR_TITLE = 0.09; // of a wide strip

/** For sighted users with a mouse only; the list of chapters below has the same content. */
export function timeline({ chapters, duration_seconds: duration, video_id: videoId }) {
  const length = duration ?? Math.max(...chapters.map((chapter) => chapter.start_seconds), 1) * 1.1;
  const endOf = (index) => chapters[index + 1]?.start_seconds ?? length;
  const share = (seconds) => Math.min(seconds, length) / length;
  const percent = (seconds) => `${100 * share(seconds)}%`;
  const isTitled = chapters.every(({ start_seconds: start }, index) => share(endOf(index) - start) >= ROOM_FOR_TITLE);
  const pieces = chapters.map(({ title, start_seconds: start }, index) => {
    const end = endOf(index);
    return element(
      "div",
      { class: "piece", style: { "inset-inline-start": percent(start), width: percent(Math.max(end - start, 0)) } },
      externalLink(
        videoTime(videoId, start),
        { class: "part", "data-start": start, tabindex: "-1", title: `${clockTime(start)} ${title}` },
        userText("span", title),
      ),
      element("small", {}, element("span", {}, clockTime(start)), end === length && element("span", {}, clockTime(length))),
    );
  });
  const strip = element("div", { class: "timeline" }, pieces);
  strip.classList.toggle("is-titled", isTitled);
  return element("div", { class: "timeline-place", "aria-hidden": "true" }, strip);
}
