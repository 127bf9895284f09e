// The list of keyboard shortcuts, shown on `?`.

import { tell } from "../dialogs.js";
import { element } from "../dom.js";
import { t } from "../texts.js";

const keys = () => [
  [["/"], t`search the videos of a batch`],
  [["↑", "↓"], t`move through the videos`],
  [[t`Enter`], t`open a video`],
  [[t`Space`], t`select videos`],
  [["Alt ↑", "Alt ↓"], t`move a waiting video`],
  [[t`Del`], t`leave a waiting video out`],
  [["j", "k"], t`next or previous summary`],
  [["s"], t`star the summary`],
  [["u"], t`mark the summary as read or unread`],
  [["Esc"], t`back to all videos`],
  [["?"], t`show this list`],
];

export function showKeys() {
  const rows = keys().map(([names, text]) => [
    element(
      "dt",
      {},
      names.map((name, index) => [index > 0 && " ", element("kbd", {}, name)]),
    ),
    element("dd", {}, text),
  ]);
  tell(t`Keyboard shortcuts`, element("dl", { class: "keys" }, rows));
}
