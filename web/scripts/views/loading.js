// Shown while a view is loading. It has a heading, so that screen readers find one at any time.

import { element } from "../dom.js";
import { t } from "../texts.js";

export function loadingHeading() {
  return element("h1", { class: "loading" }, t`Loading …`);
}

export function loadingView() {
  return { element: element("section", { class: "page" }, loadingHeading()) };
}
