// The column beside the videos: downloads, the digest, playlists, and the time and cost of each video.

import { button, element, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { counted, join, number, size } from "../format.js";
import { icon } from "../icons.js";
import { loaded } from "../lazy.js";
import { attempt, once } from "../notices.js";
import { titleOf } from "../source-titles.js";
import { explained, t } from "../texts.js";
import { figuresChart } from "./figures-chart.js";

const formats = () => [
  ["zip", "ZIP", t`a file for each video, tables and an index`],
  ["md", "Markdown", t`everything in one document`],
  ["json", "JSON", t`for programs`],
  ["csv", "CSV", t`for spreadsheets`],
];
const FETCHING_MS = 1_000; // until the browser has recognized a download

export function batchSide(context) {
  const takeHome = takeHomeBox(context);
  const digest = digestBox();
  const playlists = playlistBox(context);
  const figures = figuresChart(context);
  const root = element(
    "aside",
    { class: "batch-side", "aria-label": t`About the batch` },
    takeHome.element,
    digest.element,
    figures.element,
    playlists.element,
  );
  function show(batch) {
    for (const part of [takeHome, digest, figures, playlists]) part.show(batch);
  }

  return { element: root, show, showPlaylists: playlists.showPlaylists, showDownloads: takeHome.reach };
}

function takeHomeBox({ app, id }) {
  const note = element("p", { class: "soft", role: "status" });
  const say = (text, isDone = false) => {
    note.classList.toggle("is-done", isDone);
    replaceChildren(note, isDone && icon("check"), text && element("span", {}, text));
  };
  const buttons = formats().map(([format, label, hint]) =>
    button(
      { onclick: once(() => attempt(() => download(format, label))) },
      icon("download"),
      element("span", {}, label, element("small", {}, hint)),
    ),
  );
  let shown = "";
  const root = element(
    "section",
    { class: "box take-home" },
    element("h2", {}, t`Download`),
    element("div", { class: "formats" }, buttons),
    note,
  );

  async function download(format, label) {
    say(t`Preparing the ${label} file …`);
    try {
      const file = await app.api.get(`batch/${id}/export?format=${format}`);
      say(t`${label}, ${size(file.size_bytes)}: the download has started.`, true);
      app.isFetching = true;
      element("a", { href: file.url }).click();
      setTimeout(() => (app.isFetching = false), FETCHING_MS);
    } catch (error) {
      say("");
      throw error;
    }
  }

  function show({ progress, status }) {
    const ended = progress.completed + progress.failed;
    setHidden(root, status === "draft");
    for (const each of buttons) each.disabled = !ended;
    const state = ended
      ? progress.left
        ? t`Contains the summaries finished so far.`
        : ""
      : t`Available as soon as the first video is done.`;
    if (state !== shown) say(state);
    shown = state;
  }

  /** Goes to the formats, which on a phone are below the videos. */
  function reach() {
    root.scrollIntoView({ block: "center" });
    buttons[0].focus({ preventScroll: true });
  }

  return { element: root, show, reach };
}

/** Explains why there is no digest yet; a finished one is among the commands of the batch. */
function digestBox() {
  const text = element("p", {});
  const root = element("section", { class: "box", hidden: true }, element("h2", {}, t`Digest`), text);

  function show({ digest }) {
    setHidden(root, !digest || digest.videos > 0);
    const words = {
      pending: t`It will be written when the last video is done.`,
      failed: digest?.error && explained(digest.error),
    };
    setText(text, words[digest?.status] ?? "");
  }

  return { element: root, show };
}

function playlistBox({ app }) {
  let settings = {};
  const list = element("ul", { class: "playlists" });
  const root = element("section", { class: "box", hidden: true }, element("h2", {}, t`Playlists and channels`), list);

  async function follow({ url, title }) {
    const follows = await attempt(() => loaded(import("./follows.js")));
    await follows?.follow(app.api, { source: url, title }, settings);
  }

  function show(batch) {
    settings = { ...batch.settings, max_cost_usd: batch.max_cost_usd };
  }

  function showPlaylists(playlists) {
    setHidden(root, !playlists.length);
    replaceChildren(
      list,
      ...playlists.map((playlist) =>
        element(
          "li",
          {},
          userText("b", playlist.title ?? titleOf(playlist.url) ?? playlist.id),
          element("p", { class: playlist.error ? "problem-text" : "soft" }, fate(playlist)),
          playlist.status === "expanded" &&
            button({ class: "small", onclick: once(() => follow(playlist)) }, t`Follow`),
        ),
      ),
    );
  }

  return { element: root, show, showPlaylists };
}

function fate(source) {
  const { status, added, duplicates, unavailable, left_out: leftOut, truncated, error } = source;
  if (error) return explained(error);
  if (status === "pending") return t`Being read …`;
  const notWanted = Object.values(source.not_selected).reduce((sum, amount) => sum + amount, 0);
  return join(
    t`${counted(added - notWanted, "video")} added`,
    notWanted > 0 && t`${number(notWanted)} left out, as you asked`,
    duplicates > 0 && t`${number(duplicates)} already in the batch`,
    unavailable > 0 && t`${number(unavailable)} not available`,
    leftOut > 0 && t`${number(leftOut)} over the limit`,
    truncated && (isPart(source) ? t`older videos were not checked` : t`YouTube does not list any more`),
  );
}

/** Whether reading ended because there was enough of it. */
function isPart({ select }) {
  return select.newest !== null || select.since !== null;
}
