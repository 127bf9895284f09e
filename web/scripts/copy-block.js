// A text to use elsewhere, such as a command to run in a terminal, with a button that copies it.

import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { t } from "./texts.js";

export function copyBlock(text) {
  const words = text.split(" ").map((word, index) => [index > 0 && " ", element("span", {}, word)]);
  const code = element("code", { dir: "ltr" }, words);
  const copy = button({ class: "small", onclick: copyText }, icon("copy"), t`Copy`);

  async function copyText() {
    try {
      await navigator.clipboard.writeText(text);
      notice(t`Copied.`);
    } catch {
      // The browser does not let the page use the clipboard; the text is selected.
      getSelection()?.selectAllChildren(code);
    }
  }

  return element("div", { class: "copy-block" }, element("pre", {}, code), copy);
}
