// The chapters of a video on a timeline, with marks for its key points.

import { element, userText, externalLink } from "../dom.js";
import { clockTime, videoTime } from "../format.js";

/** For sighted users with a mouse only; the list of chapters below has the same content. */
export function timeline({ chapters, key_points: points, duration_seconds: duration, video_id: videoId }) {
  const length = duration ?? Math.max(...chapters.map((chapter) => chapter.start_seconds), 1) * 1.1;
  const share = (seconds) => `${(100 * Math.min(seconds, length)) / length}%`;
  const shown = userText("p", "", { class: "timeline-title" });
  const tell = (chapter) =>
    (shown.textContent = chapter ? `${clockTime(chapter.start_seconds)}  ${chapter.title}` : "");
  const parts = chapters.map((chapter, index) => {
    const end = chapters[index + 1]?.start_seconds ?? length;
    return externalLink(
      videoTime(videoId, chapter.start_seconds),
      {
        class: "part",
        "data-start": chapter.start_seconds,
        tabindex: "-1",
        title: chapter.title,
        style: { left: share(chapter.start_seconds), width: share(Math.max(end - chapter.start_seconds, 0)) },
        onpointerenter: () => tell(chapter),
      },
      userText("span", chapter.title),
    );
  });
  const ticks = points
    .filter((point) => point.start_seconds !== null)
    .map((point) => element("span", { class: "tick", style: { left: share(point.start_seconds) } }));
  const scale = [0, 0.25, 0.5, 0.75, 1].map((place) =>
    element("span", { style: { left: `${100 * place}%` } }, clockTime(length * place)),
  );
  return element(
    "div",
    { class: "timeline", "aria-hidden": "true", onpointerleave: () => tell(null) },
    element("div", { class: "parts" }, parts, ticks),
    element("div", { class: "scale" }, scale),
    shown,
  );
}
