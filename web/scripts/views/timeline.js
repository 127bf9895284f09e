// The chapters of a video as pieces of a strip, each as long as its part of the video.

import { element, userText, externalLink } from "../dom.js";
import { clockTime, videoTime } from "../format.js";

/** It runs in `direction`. For sighted users with a mouse only; the list of chapters below has the same content. */
export function timeline({ chapters, duration_seconds: duration, video_id: videoId }, direction) {
  const length = duration ?? Math.max(...chapters.map((chapter) => chapter.start_seconds), 1) * 1.1;
  const share = (seconds) => `${(100 * Math.min(seconds, length)) / length}%`;
  const pieces = chapters.map(({ title, start_seconds: start }, index) => {
    const end = chapters[index + 1]?.start_seconds ?? length;
    return element(
      "div",
      { class: "piece", style: { "inset-inline-start": share(start), width: share(Math.max(end - start, 0)) } },
      externalLink(
        videoTime(videoId, start),
        { class: "part", "data-start": start, tabindex: "-1", title: `${clockTime(start)} ${title}` },
        userText("span", title),
      ),
      element("small", {}, element("span", {}, clockTime(start)), end === length && element("span", {}, clockTime(length))),
    );
  });
  return element("div", { class: "timeline", dir: direction, "aria-hidden": "true" }, pieces);
}
