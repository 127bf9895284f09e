// The first view: a new batch, and beside it those that there are.

import { element } from "../dom.js";
import { batchList } from "./batch-list.js";
import { composer } from "./composer.js";

export function view(app) {
  const [fresh, batches] = [composer(app), batchList(app)];
  return {
    title: "Batches",
    element: element(
      "div",
      { class: "home page" },
      element(
        "section",
        { "aria-labelledby": "new-batch" },
        element("h1", { id: "new-batch" }, "New batch"),
        fresh.element,
      ),
      element(
        "section",
        { class: "home-batches", "aria-labelledby": "batches" },
        element("h2", { id: "batches" }, "Your batches"),
        batches.element,
      ),
    ),
    close: batches.close,
  };
}
