// Icons on a grid of 16 by 16, in the colour of the surrounding text.

import { svg } from "./dom.js";

const PATHS = {
  book: "M8 4.3C6.5 3.3 4.5 3 2.5 3v9c2 0 4 .3 5.5 1.5 1.5-1.2 3.5-1.5 5.5-1.5V3c-2 0-4 .3-5.5 1.3zM8 4.3v9.2",
  chart: "M3.5 13.5V8M8 13.5v-11M12.5 13.5V5.5",
  check: "M3 8.5 6.5 12 13 4.5",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.3",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 5.5h7v8H6zM3 10.5v-8h7",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  digest: "M3 4h4M3 8h4M3 12h4M9 4c2 0 2 4 4.5 4C11 8 11 12 9 12M9 8h4.5",
  down: "M3.5 6 8 10.5 12.5 6",
  download: "M8 2.5v7.5M4.5 7 8 10.5 11.5 7M3 13.5h10",
  draft: "M4 2.5h5l3 3v8H4zM8.8 2.7v3h3",
  equal: "M4 6.3h8M4 9.7h8",
  expand: "M4.5 6.3 8 2.8l3.5 3.5M4.5 9.7 8 13.2l3.5-3.5",
  handle: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  left: "M10 3.5 5.5 8 10 12.5",
  moon: "M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5z",
  more: "M4 8h.01M8 8h.01M12 8h.01",
  outside: "M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5",
  pause: "M6 3.5v9M10 3.5v9",
  pencil: "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z",
  play: "M5 3.5v9l7-4.5z",
  playlist: "M2.5 4h10M2.5 8h5M2.5 12h5M10 8v5.2l4-2.6z",
  plus: "M8 3v10M3 8h10",
  print: "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  retry: "M12.5 5A5.2 5.2 0 1 0 13 8.5M12.8 2.2V5.2H9.8",
  right: "M6 3.5 10.5 8 6 12.5",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 0 0 0-8.4M10.2 10.2 13.5 13.5",
  skip: "M4 8h8",
  sliders:
    "M2.5 5h5.7M11.8 5h1.7M2.5 11h1.7M7.8 11h5.7M10 3.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 0 0 0-3.6M6 9.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 0 0 0-3.6",
  star: "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
  unread: "M8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7",
  up: "M3.5 10 8 5.5 12.5 10",
  warn: "M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01",
};

export function icon(name) {
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}
