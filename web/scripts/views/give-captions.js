// Captions for videos that have none: files are dropped onto the list or onto a video, or chosen.

import { videoName } from "../batch-names.js";
import { FORMATS, languageIn, matchFiles, sendCaptions } from "../caption-files.js";
import { ask } from "../dialogs.js";
import { button, element, replaceChildren, setHidden, setText, userText } from "../dom.js";
import { counted } from "../format.js";
import { icon } from "../icons.js";
import { notice } from "../notices.js";
import { t, translated } from "../texts.js";
import { languageChoice } from "./language-choice.js";

const WITHOUT_CAPTIONS = /^(captions_disabled|no_captions|transcript_empty|youtube_)/;

/** Whether captions would help this video. */
export function lacksCaptions(item) {
  return item.status === "failed" && WITHOUT_CAPTIONS.test(item.error?.code ?? "");
}

/** A place for the caption file of a video without captions. */
export function captionPlace(context, item) {
  return element(
    "div",
    { class: "caption-place" },
    withFiles(t`Add caption file`, "primary", false, (files) => giveTo(context, item, files)),
    element("p", { class: "soft" }, ofOneFile()),
  );
}

/** A place below a list of videos some of which lack captions; several files are matched by their names. */
export function captionLine(context) {
  const add = withFiles(t`Add caption files`, "", true, give);
  const text = element("p", { class: "soft" });
  const root = element("div", { class: "caption-place", hidden: true }, add, text);
  const isAwaited = ({ status }) => status === "pending" && context.batch.pause?.code.startsWith("youtube_");
  const needsCaptions = (item) => lacksCaptions(item) || isAwaited(item);
  let drawn = "";

  function give(files) {
    return giveFiles(context, files, needsCaptions);
  }

  /** Shows it for the `listed` videos; `loaded` are all that are known. */
  function show(listed, loaded) {
    const needing = listed.filter(needsCaptions);
    setHidden(root, !needing.length);
    const isOnly = loaded.length === context.batch.progress.total && loaded.filter(needsCaptions).length === 1;
    const state = JSON.stringify([isOnly, needing.map(({ video_id: id, title }) => [id, title])]);
    if (state === drawn || !needing.length) return;
    drawn = state;
    setText(add.querySelector("button").lastChild, isOnly ? t`Add caption file` : t`Add caption files`);
    const named = needing.find(({ title }) => title) ?? needing[0];
    const [example, name] = [`${named.video_id}.srt`, videoName(named)];
    if (isOnly) replaceChildren(text, t`“${name}” still needs captions.`, " ", ofOneFile());
    else
      replaceChildren(
        text,
        counted(needing.length, "video here still needs captions.", "videos here still need captions."),
        " ",
        t`Add or drop their files all at once, each named after the ID in its video’s link: for “${name}”, ${example}.`,
      );
  }

  return { element: root, show, give };
}

function ofOneFile() {
  return [
    element("span", { class: "by-mouse" }, t`You can also drop the file here.`, " "),
    t`The summary is then made from the file, which may be .srt, .vtt, .txt or another caption format.`,
  ];
}

/** Lets caption files be dropped onto `node`. */
export function takeDrops(node, give) {
  const hover = (event, isOver) => {
    if (![...(event.dataTransfer?.items ?? [])].some(({ kind }) => kind === "file")) return;
    event.preventDefault();
    node.classList.toggle("is-target", isOver);
  };
  node.addEventListener("dragover", (event) => hover(event, true));
  node.addEventListener("dragleave", (event) => node.contains(event.relatedTarget) || hover(event, false));
  node.addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.remove("is-target");
    give(files);
  });
}

/** A single file that is given at a video is for this video, whatever its name. */
export function giveTo(context, item, files) {
  return files.length === 1 ? giveCaptions(context, [{ file: files[0], item }]) : giveFiles(context, files);
}

/** Each file is for the video whose ID is in its name. A single one without an ID is for the only video that `needs` one. */
async function giveFiles(context, files, needs = (item) => false) {
  const items = await context.readItems();
  const { pairs, strays } = matchFiles(files, items);
  const needing = items.filter(needs);
  if (files.length === 1 && strays.length === 1 && needing.length === 1) return giveTo(context, needing[0], files);
  for (const { name } of strays)
    notice(t`${name} fits no video of this batch: its name contains none of their IDs.`, { isProblem: true });
  if (pairs.length > 0) await giveCaptions(context, pairs);
}

async function giveCaptions(context, pairs) {
  const language = await askLanguage(context, pairs);
  if (!language) return;
  let taken = 0;
  for (const { file, item } of pairs) {
    try {
      const own = languageIn(file.name) || language;
      await sendCaptions(context.app.api, {
        file,
        item,
        batchId: context.id,
        language: pairs.length > 1 ? own : language,
      });
      taken += 1;
    } catch (error) {
      notice(`${file.name}: ${translated(error.message)}`, { isProblem: true });
    }
  }
  if (taken > 0) notice(t`Captions added for ${counted(taken, "video")}.`);
  context.look();
}

/** The language of the captions; null if the user gave up. Names of several files may tell each its own. */
async function askLanguage({ batch }, pairs) {
  const { caption_language: wanted } = batch.settings.options;
  const known = languageIn(pairs[0].file.name) || (wanted === "own" ? "" : (wanted ?? ""));
  const label = pairs.length > 1 ? t`Language, if the file name does not say` : t`Language of the captions`;
  const language = languageChoice(label, [["", t`Choose a language`]], { value: known, required: true });
  return ask({
    title: t`Captions for ${counted(pairs.length, "video")}`,
    content: [
      element(
        "ul",
        { class: "caption-pairs" },
        pairs.map(({ file, item }) =>
          element("li", {}, userText("b", file.name), " → ", userText("span", videoName(item))),
        ),
      ),
      language.element,
    ],
    action: t`Use these captions`,
    read: () => language.value,
  });
}

function withFiles(label, look, multiple, take) {
  const input = element("input", {
    type: "file",
    accept: FORMATS,
    multiple,
    hidden: true,
    onchange: () => {
      const files = [...input.files];
      input.value = "";
      if (files.length > 0) take(files);
    },
  });
  return element("span", {}, button({ class: look, onclick: () => input.click() }, icon("plus"), label), input);
}
