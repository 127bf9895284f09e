// A browser notification when a batch has ended; it is requested only on a click.

import { batchName } from "../batch-names.js";
import { isOver } from "../batch-watch.js";
import { button, element, setHidden, setText } from "../dom.js";
import { counted, join, number } from "../format.js";
import { t } from "../texts.js";

export function doneBell() {
  const ask = button({ class: "link", onclick: request }, t`Notify me when it is done`);
  const note = element("span", {});
  let isSet = false;
  let wasMoving = false;

  async function request() {
    isSet = (await Notification.requestPermission()) === "granted";
    setHidden(ask, true);
    const kept = t`You will get a notification when it is done, as long as this tab stays open.`;
    setText(note, isSet ? kept : t`The browser does not allow notifications for this page.`);
  }

  function show(batch) {
    const cannot = !("Notification" in window) || Notification.permission === "denied";
    setHidden(ask, cannot || Boolean(note.textContent));
    if (wasMoving && isOver(batch) && isSet) ring(batch);
    wasMoving = !isOver(batch);
  }

  function ring(batch) {
    const { id, progress } = batch;
    const failed = progress.failed > 0 && t`${number(progress.failed)} failed`;
    const body = join(counted(progress.completed, "summary", "summaries"), failed);
    const bell = new Notification(t`Done: ${batchName(batch)}`, { body, tag: id });
    bell.onclick = () => {
      window.focus();
      bell.close();
    };
  }

  return { element: element("span", {}, ask, note), show };
}
