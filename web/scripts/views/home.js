// The first view: a new batch, and beside it those that there are.

import { element } from "../dom.js";
import { batchList } from "./batch-list.js";
import { composer } from "./composer.js";

export function homeView(app) {
  const { email } = app.session;
  // Only whoever left a form finds it again: a session may have ended by itself.
  if (app.left?.by !== email) app.left = { by: email, ...composer(app, () => (app.left = null)) };
  const batches = batchList(app);
  return {
    title: "Batches",
    element: element(
      "div",
      { class: "home page" },
      element(
        "section",
        { "aria-labelledby": "new-batch" },
        element("h1", { id: "new-batch" }, "New batch"),
        app.left.element,
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
