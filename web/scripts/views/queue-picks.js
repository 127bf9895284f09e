// Picks several videos of the queue, and offers commands for them.

import { button, element, setHidden, setText } from "../dom.js";
import { check } from "../fields.js";
import { counted, listed as inWords, number } from "../format.js";
import { icon } from "../icons.js";
import { once } from "../notices.js";
import { t } from "../texts.js";

/**
 * `loaded()` returns all videos as they are now, `listed()` reads all that are listed, `isEach(ids)` tells whether these are
 * all that are listed, `commands` carries out what is asked for them, and `onChange` hears of every change.
 */
export function queuePicks({ loaded, listed, isEach, commands, onChange }) {
  const picked = new Set(); // ids
  let isOpen = false;
  const count = element("b", { role: "status" });
  const all = element("input", { type: "checkbox", onchange: once(pickAllOrNone) });
  const first = action("up", commands.isWaiting, commands.moveToTop, (few) =>
    few ? t`Move ${counted(few.length, "waiting video")} to the top` : t`Move to the top`,
  );
  const out = action("skip", commands.canLeaveOut, commands.leaveOut, (few) =>
    few ? t`Leave out ${kinds(few)}` : t`Leave out`,
  );
  const again = action("retry", commands.isRetryable, commands.retry, (few) =>
    few ? t`Retry ${counted(few.length, "failed video")}` : t`Retry`,
  );
  const read = action("check", commands.isUnread, commands.markRead, () => t`Mark as read`);
  const label = t`Stop selecting`;
  const close = button({ class: "quiet small icon-only", "aria-label": label, title: label, onclick: end }, icon("close"));
  const actions = [first, out, again, read];
  const root = element(
    "div",
    { class: "picks", role: "group", "aria-label": t`Selected videos`, hidden: true },
    element("span", { class: "picks-count" }, check(t`Select all`, null, all), count),
    element("span", { class: "picks-actions" }, actions.map((each) => each.element)),
    close,
  );

  // Notices are shown above it.
  const sized = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--picks", `${root.offsetHeight}px`);
  });
  sized.observe(root);

  /** A command for the picked videos that `suits` accepts; it ends the selection. `words` are for these few, or for all. */
  function action(mark, suits, act, words) {
    const run = once(async () => {
      const chosen = pickedItems().filter(suits);
      end();
      if (chosen.length) await act(...chosen);
    });
    const node = button({ class: "small", onclick: run }, icon(mark), words(null));
    const show = (items) => {
      const suiting = items.filter(suits);
      setHidden(node, !suiting.length);
      setText(node.lastChild, words(suiting.length < items.length ? suiting : null));
    };
    return { element: node, show };
  }

  /** Such as `3 waiting videos and 1 failed video`. */
  function kinds(items) {
    const waiting = items.filter(commands.isWaiting).length;
    const others = items.length - waiting;
    const failed = commands.isDraft()
      ? counted(others, "video that can’t be summarized", "videos that can’t be summarized")
      : counted(others, "failed video");
    return inWords([waiting && counted(waiting, "waiting video"), others && failed].filter(Boolean));
  }

  function pickedItems() {
    return picked.size ? loaded().filter((item) => picked.has(item?.id)) : [];
  }

  async function pickAllOrNone() {
    if (all.checked) for (const item of await listed()) picked.add(item.id);
    else picked.clear();
    show();
  }

  function toggle(item) {
    isOpen = true;
    if (!picked.delete(item.id)) picked.add(item.id);
    show();
  }

  function beginOrEnd() {
    if (isOpen) return end();
    isOpen = true;
    show();
  }

  function end() {
    isOpen = false;
    picked.clear();
    show();
  }

  function show() {
    setHidden(root, !isOpen);
    setText(count, picked.size ? t`${number(picked.size)} selected` : "");
    all.checked = isEach(picked);
    all.indeterminate = picked.size > 0 && !all.checked;
    const items = pickedItems();
    for (const each of actions) each.show(items);
    onChange();
  }

  return { element: root, show, beginOrEnd, toggle, isOpen: () => isOpen, has: (itemId) => picked.has(itemId) };
}
