// The link above a heading that leads back to where its view belongs.

import { element } from "../dom.js";
import { icon } from "../icons.js";

export function crumb(href, text) {
  return element("p", { class: "crumb" }, element("a", { href }, icon("left"), element("bdi", {}, text)));
}
