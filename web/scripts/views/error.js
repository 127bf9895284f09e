// Shown instead of a view that cannot be shown.

import { button, element } from "../dom.js";
import { places } from "../router.js";
import { t } from "../texts.js";

/** `way` leads on: `[address, text]`. */
export function notFound(
  title = t`Page not found`,
  text = t`The link may be incomplete, or the page was deleted.`,
  [address, words] = [places.home, t`Go to your batches`],
) {
  return {
    title,
    element: element(
      "section",
      { class: "empty page" },
      element("h1", {}, title),
      element("p", {}, text),
      element("p", {}, element("a", { class: "button", href: address }, words)),
    ),
  };
}

export function noSuchBatch() {
  return notFound(t`There is no such batch`, t`It was deleted, it belongs to another account, or the address is mistyped.`);
}

export function errorView(error, tryAgain) {
  return {
    title: t`This can’t be shown right now`,
    element: element(
      "section",
      { class: "empty page", role: "alert" },
      element("h1", {}, t`This can’t be shown right now`),
      element("p", {}, error.message),
      button({ class: "primary", onclick: tryAgain }, t`Try again`),
    ),
  };
}
