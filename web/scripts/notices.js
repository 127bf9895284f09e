// Notices: sentences about what happened, shown in a corner for a while, and read out by screen readers.

import { button, element, setText } from "./dom.js";
import { icon } from "./icons.js";
import { SignedOut } from "./session.js";
import { t } from "./texts.js";

const SHOWN_MS = 8_000;
const UNDO_MS = 12_000;

const shelf = element("div", { class: "notices" });
const announcer = element("p", { class: "visually-hidden", role: "status" });
document.body.append(shelf, announcer);

/** Shows a sentence until its view is left; if it is no problem, only for a while. Returns what removes it. */
export function notice(text, { isProblem = false } = {}) {
  const box = shelve(text, isProblem);
  const close = () => box.remove();
  if (!isProblem) setTimeout(close, SHOWN_MS);
  return close;
}

/**
 * Shows a sentence about something that `undo` can reverse as long as the sentence is shown; else `settle` is called.
 * It stays when its view is left, because that is no reason to lose the Undo.
 */
export function undoable(text, undo, settle = () => {}) {
  const act = () => {
    close();
    undo();
  };
  const box = shelve(text, false, button({ class: "quiet", onclick: act }, t`Undo`));
  delete box.dataset.place;
  let timer = setTimeout(expire, UNDO_MS);

  /** Keeps the notice as long as the pointer or the focus is on it. */
  function expire() {
    const isInUse = box.matches(":hover") || box.contains(document.activeElement);
    if (isInUse) {
      timer = setTimeout(expire, SHOWN_MS);
      return;
    }
    box.remove();
    settle();
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
    { class: isProblem ? "notice problem" : "notice", role: isProblem ? "alert" : "status", "data-place": place() },
    element("p", {}, text),
    ...actions,
    close,
  );
  shelf.append(box);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  return box;
}

/** Removes what was said in other views; at the end of a session, everything. */
export function clearNotices({ isSignedIn }) {
  for (const box of [...shelf.children]) {
    const isElsewhere = box.dataset.place && box.dataset.place !== place();
    if (isElsewhere || !isSignedIn) box.remove();
  }
}

/** The address of the current view, without what is selected in it. */
function place() {
  return location.hash.split("?")[0] || "#/";
}

/** Announces a visible change to screen readers. */
export function announce(text) {
  setText(announcer, text);
}

/** Carries out a command of the user, and shows its error, except that of an end by us. Returns the result, or undefined. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof SignedOut) && error.name !== "AbortError") notice(sentences(error), { isProblem: true });
    return undefined;
  }
}

/** Wraps `action` for a button: it does not start again before it has ended. */
export function once(action) {
  let isUnderWay = false;
  return async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    await action().finally(() => (isUnderWay = false));
  };
}

/** Carries out what a button asks for. Until it has ended, the button looks disabled and does nothing, but keeps the focus. */
export async function whileDisabled(node, action) {
  if (node.ariaDisabled) return;
  node.ariaDisabled = "true";
  await action().finally(() => (node.ariaDisabled = null));
}

/** Lets clicks on a button carry out `action`, which returns a promise, one after the other. */
export function onClicks(node, action) {
  node.addEventListener("click", ({ detail }) => {
    // The second half of a double click was meant for what stood here before.
    if (detail <= 1) whileDisabled(node, action);
  });
}

export function sentences(error) {
  const details = (error.details ?? []).slice(0, 3).map((detail) => `${detail.field}: ${detail.message}`);
  return [error.message, ...details].join(" ");
}
