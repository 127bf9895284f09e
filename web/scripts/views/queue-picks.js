// Picks several videos of the queue, and offers commands for them.

import { button, element, setHidden, setText } from "../dom.js";
import { check } from "../fields.js";
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
  const all = element("input", { type: "checkbox", onchange: once(pickAllOrNone) });
  const first = action(t`Move to the top`, "up", commands.isWaiting, commands.moveToTop, waiting);
  const out = action(t`Leave out`, "skip", commands.canLeaveOut, commands.leaveOut, (items) =>
    [waiting(items.filter(commands.isWaiting)), failed(items.filter(hasFailed))].filter(Boolean).join(", "),
  );
  const again = action(t`Retry`, "retry", hasFailed, commands.retry, failed);
  const read = action(t`Mark as read`, "unread", commands.isUnread, commands.markRead, ({ length }) =>
    t`${number(length)} unread`,
  );
  const close = button({ class: "quiet small", onclick: end }, icon("close"), t`Stop selecting`);
  const actions = [first, out, again, read];
  const root = element(
    "div",
    { class: "picks", role: "group", "aria-label": t`Selected videos`, hidden: true },
    check(t`Select all`, null, all),
    count,
    actions.map((each) => each.element),
    close,
  );

  // Notices are shown above it.
  const sized = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--picks", `${root.offsetHeight}px`);
  });
  sized.observe(root);

  /** A command for the picked videos that `suits` accepts, which `which` names; it ends the selection. */
  function action(label, mark, suits, act, which) {
    const run = once(async () => {
      const chosen = pickedItems().filter(suits);
      end();
      if (chosen.length) await act(...chosen);
    });
    const node = button({ class: "small", onclick: run }, icon(mark), label);
    const show = (items) => {
      const suiting = items.filter(suits);
      setHidden(node, !suiting.length);
      // Not each of them suits, so it says for which it is.
      setText(node.lastChild, suiting.length < items.length ? `${label} (${which(suiting)})` : label);
    };
    return { element: node, show };
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

function hasFailed({ status }) {
  return status === "failed";
}

function waiting({ length }) {
  return length && t`${number(length)} waiting`;
}

function failed({ length }) {
  return length && t`${number(length)} failed`;
}
