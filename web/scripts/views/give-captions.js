// Captions for videos that have none: files are dropped onto the list or onto a video, or chosen.

import { videoName } from "../batch-names.js";
import { FORMATS, languageIn, matchFiles, sendCaptions } from "../caption-files.js";
import { ask } from "../dialogs.js";
import { button, element, setHidden, setText, userText } from "../dom.js";
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
  const add = withFiles(t`Add caption file`, "primary", false, (files) =>
    giveCaptions(context, [{ file: files[0], item }]),
  );
  return element(
    "div",
    { class: "caption-place" },
    add,
    element(
      "p",
      { class: "soft" },
      element("span", { class: "by-mouse" }, t`Or drop the file here.`, " "),
      t`The summary is then made from the file, which may be .srt, .vtt, .txt or another caption format.`,
    ),
  );
}

/** A place below a list of videos some of which lack captions; each file is matched by its name. */
export function captionLine(context) {
  const add = withFiles(t`Add caption files`, "", true, (files) => giveFiles(context, files));
  const text = element("p", { class: "soft" });
  const root = element("div", { class: "caption-place", hidden: true }, add, text);
  const isAwaited = ({ status }) => status === "pending" && context.batch.pause?.code.startsWith("youtube_");

  function show(items) {
    const lacking = items.filter((item) => lacksCaptions(item) || isAwaited(item));
    setHidden(root, !lacking.length);
    if (!lacking.length) return;
    const without = items.filter(lacksCaptions).length; // the others wait for YouTube
    const amount = without && counted(without, "video here lacks captions.", "videos here lack captions.");
    const example = `${lacking[0].video_id}.srt`;
    const how =
      lacking.length === 1
        ? t`Add or drop a caption file with the name ${example}.`
        : t`Add or drop caption files. Name each after the ID at the end of its video’s link, such as ${example}.`;
    setText(text, [amount, how].filter(Boolean).join(" "));
  }

  return { element: root, show };
}

/** Lets caption files be dropped onto `node`; `item()` is the video that they are for, or null for many. */
export function takeDrops(context, node, item = () => null) {
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
    if (item() && files.length === 1) giveCaptions(context, [{ file: files[0], item: item() }]);
    else giveFiles(context, files);
  });
}

async function giveFiles(context, files) {
  const { pairs, strays } = matchFiles(files, await context.readItems());
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
