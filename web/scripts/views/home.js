// The first view: the form for a new batch, beside the list of batches.

import { element } from "../dom.js";
import { places, rewrite } from "../router.js";
import { t } from "../texts.js";
import { batchList } from "./batch-list.js";
import { composer } from "./composer.js";
import { fromYouTube } from "./from-youtube.js";

/** Fills the form with links from the address or from a paste anywhere; only its own buttons send it. */
export function homeView(app, route) {
  const { email } = app.session;
  // Restore a form only for the user who left it: the session may have ended by itself.
  if (app.left?.by !== email) app.left = { by: email, ...composer(app, () => (app.left = null)) };
  const batches = batchList(app);

  function update({ query }) {
    const urls = [query.get("urls"), app.pasted].filter((text) => text?.trim());
    app.pasted = "";
    if (!urls.length) return;
    app.left.add(urls.join("\n"));
    rewrite(places.home); // so that a reload does not add the links again
  }

  update(route);
  return {
    update,
    title: t`Batches`,
    element: element(
      "div",
      { class: "home page" },
      element(
        "section",
        { "aria-labelledby": "new-batch" },
        element("h1", { id: "new-batch" }, t`Summarize videos`),
        app.left.element,
      ),
      element(
        "section",
        { class: "home-batches", "aria-labelledby": "batches" },
        element("h2", { id: "batches" }, t`Your batches`),
        batches.element,
      ),
      fromYouTube(),
    ),
    close: batches.close,
  };
}
