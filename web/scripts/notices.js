// What happened, in a sentence: shown in a corner for a while, and read out by screen readers.

import { button, element, setText } from "./dom.js";
import { icon } from "./icons.js";
import { SignedOut } from "./session.js";
import { t } from "./texts.js";

const SHOWN_MS = 8_000;
const UNDO_MS = 12_000;

const shelf = element("div", { class: "notices" });
const announcer = element("p", { class: "visually-hidden", role: "status" });
document.body.append(shelf, announcer);

/** A sentence for everyone. Problems stay until they are closed. */
export function notice(text, { isProblem = false } = {}) {
  const box = shelve(text, isProblem);
  if (!isProblem) setTimeout(() => box.remove(), SHOWN_MS);
}

/** A sentence about something that `undo` takes back for as long as it is shown. */
export function undoable(text, undo) {
  const act = () => {
    box.remove();
    undo();
  };
  const box = shelve(text, false, button({ class: "quiet small", onclick: act }, t`Undo`));
  let timer = setTimeout(expire, UNDO_MS);

  /** Nobody loses the button under their hand. */
  function expire() {
    const isInUse = box.matches(":hover") || box.contains(document.activeElement);
    if (isInUse) timer = setTimeout(expire, SHOWN_MS);
    else box.remove();
  }

  function close() {
    clearTimeout(timer);
    box.remove();
  }

  return { isShown: () => box.isConnected, close };
}

function shelve(text, isProblem, ...actions) {
  const close = button(
    { class: "quiet icon-only", "aria-label": t`Close`, onclick: () => box.remove() },
    icon("close"),
  );
  const box = element(
    "div",
    { class: isProblem ? "notice problem" : "notice", role: isProblem ? "alert" : "status" },
    element("p", {}, text),
    ...actions,
    close,
  );
  shelf.append(box);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  return box;
}

/** A sentence for screen readers alone, where the eye sees the change itself. */
export function announce(text) {
  setText(announcer, text);
}

/** Carries out what a user asked for, and says so when it does not work. The result of `action`, or undefined. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof SignedOut)) notice(sentences(error), { isProblem: true });
    return undefined;
  }
}

/** `action`, for a button: until it is done, it is not begun again. */
export function once(action) {
  let isUnderWay = false;
  return async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    await action().finally(() => (isUnderWay = false));
  };
}

export function sentences(error) {
  const details = (error.details ?? []).slice(0, 3).map((detail) => `${detail.field}: ${detail.message}`);
  return [error.message, ...details].join(" ");
}
