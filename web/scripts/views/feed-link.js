// The link of a follow's feed: made, shown once, renewed, and revoked.

import { tell } from "../dialogs.js";
import { button, element, replaceChildren } from "../dom.js";
import { field } from "../fields.js";
import { moment } from "../format.js";
import { attempt, notice, once } from "../notices.js";
import { t } from "../texts.js";

/** Opens a dialog about the feed; calls `changed` with the time since when it has a link, or null. */
export function openFeedLink(api, { id, name, feed_created_at: createdAt }, changed) {
  const content = element("div", { class: "fields" });

  function show(since, url) {
    replaceChildren(
      content,
      element(
        "p",
        {},
        t`A feed reader can show you each new summary beside your other news. It needs a link; anyone who has the link can read the summaries without signing in.`,
      ),
      url && shown(url),
      since && !url && element("p", {}, t`You made a link (${moment(since)}). It cannot be shown again. If you make a new one, the old one stops working.`),
      element(
        "div",
        { class: "actions" },
        !url && button({ class: "primary", onclick: once(make) }, since ? t`Make a new link` : t`Make a link`),
        since && button({ class: "quiet", onclick: once(revoke) }, t`Revoke the link`),
      ),
    );
  }

  async function make() {
    const made = await attempt(() => api.post(`follows/${id}/feed`));
    if (!made) return;
    changed(made.created_at);
    show(made.created_at, `${location.origin}${made.path}`);
  }

  async function revoke() {
    await attempt(async () => {
      await api.delete(`follows/${id}/feed`);
      changed(null);
      show(null, null);
      notice(t`The link was revoked.`);
    });
  }

  show(createdAt, null);
  tell(t`RSS feed for “${name}”`, content);
}

function shown(url) {
  const link = element("input", { type: "text", readonly: true, value: url, onfocus: () => link.select() });
  const copy = button({ class: "primary", onclick: once(copyLink) }, t`Copy`);

  async function copyLink() {
    link.focus();
    try {
      await navigator.clipboard.writeText(url);
      notice(t`Copied.`);
    } catch {
      // The browser does not let the page use the clipboard; the link is selected.
    }
  }

  return field(t`RSS feed link`, t`Copy it now: it is shown only once.`, link, copy);
}
