// A command to run in a terminal, and a button that copies it.

import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { t } from "./texts.js";

export function commandBlock(command) {
  const code = element("code", { dir: "ltr" }, command);
  const copy = button({ class: "small", onclick: copyCommand }, icon("copy"), t`Copy`);

  async function copyCommand() {
    try {
      await navigator.clipboard.writeText(command);
      notice(t`The command is copied.`);
    } catch {
      // The browser does not let the page use the clipboard; the command is selected.
      getSelection()?.selectAllChildren(code);
    }
  }

  return element("div", { class: "command" }, element("pre", {}, code), copy);
}
