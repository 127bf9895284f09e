// Picks several videos of the queue, and offers commands for them.

import { button, element, setHidden, setText } from "../dom.js";
import { number } from "../format.js";
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
  const all = button({ class: "quiet small", onclick: once(pickAllOrNone) });
  const first = action(t`Move to the top`, "up", commands.isWaiting, commands.moveToTop);
  const out = action(t`Leave out`, "skip", commands.canLeaveOut, commands.leaveOut);
  const again = action(t`Retry`, "retry", ({ status }) => status === "failed", commands.retry);
  const read = action(t`Mark as read`, "unread", commands.isUnread, commands.markRead);
  const close = button({ class: "quiet small", onclick: end }, icon("close"), t`Stop selecting`);
  const actions = [first, out, again, read];
  const root = element(
    "div",
    { class: "picks", role: "group", "aria-label": t`Selected videos`, hidden: true },
    count,
    all,
    actions.map((each) => each.element),
    close,
  );

  // Notices are shown above it.
  const sized = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--picks", `${root.offsetHeight}px`);
  });
  sized.observe(root);

  /** A command for the picked videos that `suits` accepts; it ends the selection. */
  function action(label, mark, suits, act) {
    const run = once(async () => {
      const chosen = pickedItems().filter(suits);
      end();
      if (chosen.length) await act(...chosen);
    });
    const node = button({ class: "small", onclick: run }, icon(mark), label);
    const show = (items) => {
      const amount = items.filter(suits).length;
      setHidden(node, !amount);
      // Not each of them suits, so it says for how many it is.
      setText(node.lastChild, amount < items.length ? `${label} (${number(amount)})` : label);
    };
    return { element: node, show };
  }

  function pickedItems() {
    return picked.size ? loaded().filter((item) => picked.has(item?.id)) : [];
  }

  async function pickAllOrNone() {
    if (isEach(picked)) picked.clear();
    else for (const item of await listed()) picked.add(item.id);
    show();
  }

  function toggle(item) {
    isOpen = true;
    if (!picked.delete(item.id)) picked.add(item.id);
    show();
  }

  function begin() {
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
    setText(count, picked.size ? t`${number(picked.size)} selected` : t`Select videos`);
    setText(all, isEach(picked) ? t`Select none` : t`Select all`);
    const items = pickedItems();
    for (const each of actions) each.show(items);
    onChange();
  }

  return { element: root, show, begin, end, toggle, isOpen: () => isOpen, has: (itemId) => picked.has(itemId) };
}
