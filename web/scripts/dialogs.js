// Modal dialogs that ask before something happens; the browser keeps the focus in them and returns it afterwards.

import { button, element } from "./dom.js";
import { t } from "./texts.js";

const WIDE = 640; // pixels; on a phone, a menu is in the middle, where thumbs reach it
const MARGIN = 8;

/** Returns whether the user agreed; `keep` says what happens otherwise. */
export function confirm({ title, text, action, keep, isDangerous = false, isUnwise = false }) {
  const content = [element("p", {}, text)];
  return ask({ title, action, keep, isDangerous, isUnwise, content, read: () => true });
}

/**
 * Returns the result of `read` if the user agreed, otherwise null. What is dangerous is red; what is unwise is not the
 * button that stands out. `canAct` says after each change whether there is anything to agree to.
 */
export function ask({
  title,
  content,
  action,
  read,
  keep = t`Cancel`,
  isDangerous = false,
  isUnwise = false,
  canAct = () => true,
}) {
  return new Promise((resolve) => {
    const look = isDangerous ? "danger" : isUnwise ? "" : "primary";
    const act = element("button", { class: look, value: "yes", disabled: !canAct() }, action);
    const form = element(
      "form",
      { method: "dialog", onchange: () => (act.disabled = !canAct()) },
      element("h2", { id: "dialog-title" }, title),
      ...content,
      element(
        "div",
        { class: "actions" },
        act,
        button({ class: isUnwise ? "primary" : "", autofocus: isUnwise, onclick: () => dialog.close() }, keep),
      ),
    );
    const dialog = element("dialog", { "aria-labelledby": "dialog-title" }, form);
    open(dialog, () => resolve(dialog.returnValue === "yes" ? read() : null));
  });
}

/** Shows something to read. */
export function tell(title, content) {
  const dialog = element(
    "dialog",
    { class: "menu-dialog", "aria-labelledby": "dialog-title" },
    element("h2", { id: "dialog-title", dir: "auto" }, title),
    content,
    element("div", { class: "actions" }, button({ onclick: () => dialog.close() }, t`Close`)),
  );
  open(dialog, () => {});
}

/**
 * Shows a menu of actions, each of which closes it. It opens at `anchor` if there is room. Escape and a click beside it
 * close it too. `isTitled` tells whether its title is also seen.
 */
export function menu(title, actions, anchor, { isTitled = true } = {}) {
  const list = element(
    "ul",
    { class: "menu" },
    actions.map((action) =>
      element(
        "li",
        {},
        menuEntry(action, () => dialog.close()),
      ),
    ),
  );
  const dialog = element(
    "dialog",
    { class: "menu-dialog", "aria-label": title },
    isTitled && element("h2", { dir: "auto" }, title),
    list,
  );
  const place = () => placeAt(dialog, anchor.getBoundingClientRect());
  const sized = new ResizeObserver(place); // its reader may enlarge the text
  open(dialog, () => {
    sized.disconnect();
    removeEventListener("resize", place);
  });
  place();
  sized.observe(dialog);
  addEventListener("resize", place, { passive: true });
}

/** Places the dialog below the clicked element, or as much higher as it takes to stay visible; on a phone in the middle. */
function placeAt(dialog, { bottom, left, right }) {
  dialog.classList.toggle("at-row", innerWidth >= WIDE);
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const start = getComputedStyle(dialog).direction === "rtl" ? left : right - width;
  dialog.style.setProperty("--left", `${Math.max(MARGIN, Math.min(start, innerWidth - width - MARGIN))}px`);
  dialog.style.setProperty("--top", `${Math.max(MARGIN, Math.min(bottom, innerHeight - height - MARGIN))}px`);
}

function menuEntry({ label, hint = "", href, act, mark, disabled }, close) {
  if (href) return element("a", { href, target: "_blank", rel: "noopener noreferrer", onclick: close }, mark, label);
  const run = () => {
    close();
    act();
  };
  const named = hint ? { "aria-label": label, "aria-description": hint } : {};
  return button({ onclick: run, disabled, ...named }, mark, element("span", {}, label, hint && element("small", {}, hint)));
}

function open(dialog, whenClosed) {
  let isPressedBeside = false;
  dialog.addEventListener("pointerdown", (event) => (isPressedBeside = event.target === dialog));
  // Ignores the end of a text selection, and the second half of the double click that opened the dialog.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && isPressedBeside && event.detail === 1) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    whenClosed();
  });
  document.body.append(dialog);
  dialog.showModal();
}
