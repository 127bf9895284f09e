// Beside the videos: downloads, the digest, playlists, and how time and cost were spent.

import { button, element, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { counted, join, number, size } from "../format.js";
import { icon } from "../icons.js";
import { attempt, once } from "../notices.js";
import { figuresChart } from "./figures-chart.js";

const FORMATS = [
  ["zip", "ZIP", "a file per video, tables, index"],
  ["md", "Markdown", "everything in one document"],
  ["json", "JSON", "for programs"],
  ["csv", "CSV", "for spreadsheets"],
];
const FETCHING_MS = 1_000; // until the browser knows that it is a file

export function batchSide(place) {
  const takeHome = takeHomeBox(place);
  const digest = digestBox();
  const playlists = playlistBox();
  const figures = figuresChart(place);
  const root = element(
    "aside",
    { class: "batch-side", "aria-label": "About the batch" },
    takeHome.element,
    digest.element,
    figures.element,
    playlists.element,
  );
  function show(batch) {
    for (const part of [takeHome, digest, figures]) part.show(batch);
  }

  return { element: root, show, showPlaylists: playlists.show };
}

function takeHomeBox({ app, id }) {
  const note = element("p", { class: "soft", role: "status" });
  const buttons = FORMATS.map(([format, label, hint]) =>
    button(
      { onclick: once(() => attempt(() => download(format, label))) },
      icon("download"),
      element("span", {}, label, element("small", {}, hint)),
    ),
  );
  let told = "";
  const root = element(
    "section",
    { class: "box take-home" },
    element("h2", {}, "Download"),
    element("div", { class: "formats" }, buttons),
    note,
  );

  async function download(format, label) {
    setText(note, `Preparing the ${label} file …`);
    try {
      const file = await app.api.get(`batch/${id}/export?format=${format}`);
      setText(note, `${label}, ${size(file.size_bytes)}: the download has begun.`);
      app.isFetching = true;
      element("a", { href: file.url }).click();
      setTimeout(() => (app.isFetching = false), FETCHING_MS);
    } catch (error) {
      setText(note, "");
      throw error;
    }
  }

  function show({ progress, status }) {
    const ended = progress.completed + progress.failed;
    setHidden(root, status === "draft");
    for (const each of buttons) each.disabled = !ended;
    const state = ended
      ? progress.left
        ? "It holds what is done so far."
        : ""
      : "Ready as soon as the first video is done.";
    if (state !== told) setText(note, state);
    told = state;
  }

  return { element: root, show };
}

/** Why there is no digest yet; one that is ready is a command of the batch. */
function digestBox() {
  const text = element("p", {});
  const root = element("section", { class: "box", hidden: true }, element("h2", {}, "Digest"), text);

  function show({ digest }) {
    setHidden(root, !digest || digest.status === "ready");
    const words = {
      pending: "Written when the last video is done.",
      failed: `${digest?.error?.message ?? ""} ${digest?.error?.advice ?? ""}`,
    };
    setText(text, words[digest?.status] ?? "");
  }

  return { element: root, show };
}

function playlistBox() {
  const list = element("ul", { class: "playlists" });
  const root = element("section", { class: "box", hidden: true }, element("h2", {}, "Playlists"), list);

  function show(playlists) {
    setHidden(root, !playlists.length);
    replaceChildren(
      list,
      ...playlists.map((playlist) =>
        element(
          "li",
          {},
          userText("b", playlist.title ?? playlist.id),
          element("p", { class: playlist.error ? "problem-text" : "soft" }, fate(playlist)),
        ),
      ),
    );
  }

  return { element: root, show };
}

function fate({ status, added, duplicates, unavailable, left_out: leftOut, truncated, error }) {
  if (error) return `${error.message} ${error.advice}`;
  if (status === "pending") return "Being read …";
  return join(
    `${counted(added, "video")} added`,
    duplicates > 0 && `${number(duplicates)} were there already`,
    unavailable > 0 && `${number(unavailable)} cannot be watched`,
    leftOut > 0 && `${number(leftOut)} did not fit`,
    truncated && "goes on behind what YouTube shows",
  );
}
