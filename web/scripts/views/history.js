// Every summary of every batch, newest first, with a search.

import { button, element, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { field } from "../fields.js";
import { clockTime, counted, day, join } from "../format.js";
import { icon } from "../icons.js";
import { attempt } from "../notices.js";
import { places, rewrite } from "../router.js";
import { lengthName, modelName } from "../summary-settings.js";
import { t } from "../texts.js";

const PAGE = 30;
const VIDEO_ID = /^[\w-]{11}$/;

export function historyView({ api }, { query }) {
  const words = element("input", { type: "search", maxlength: 100, autocomplete: "off", value: query.get("q") ?? "" });
  const from = element("input", { type: "date", value: query.get("from") ?? "" });
  const to = element("input", { type: "date", value: query.get("to") ?? "" });
  const list = element("ul", { class: "history-list" });
  const status = element("p", { class: "soft", role: "status" });
  const more = button({ hidden: true, onclick: () => attempt(() => read(cursor)) }, t`Show more`);
  let cursor = null;
  let turn = 0;
  let wanted = asked();

  /** Returns the query, for the API and for our own address. */
  function asked() {
    const text = words.value.trim();
    const fields = { q: text, from: from.value, to: to.value };
    return new URLSearchParams(Object.entries(fields).filter(([, value]) => value));
  }

  async function search(event) {
    event?.preventDefault();
    wanted = asked();
    rewrite(wanted.size ? `${places.history}?${wanted}` : places.history);
    replaceChildren(list);
    setHidden(more, true);
    await attempt(() => read(null));
  }

  /** Reads on until there is something to show, because a search may return fewer entries than a page. */
  async function read(start) {
    turn += 1;
    const mine = turn;
    status.className = "soft";
    setText(status, t`Searching …`);
    let next = start;
    let brought = 0;
    do {
      const request = parameters(next);
      const page = await api.get(`summaries?${request}`).catch((error) => {
        if (mine === turn) setText(status, "");
        throw error;
      });
      if (mine !== turn) return;
      list.append(...page.summaries.map(entry));
      brought += page.summaries.length;
      next = page.next_cursor;
    } while (next && brought < PAGE);
    cursor = next;
    setHidden(more, cursor === null);
    status.className = list.children.length ? "soft" : "empty";
    setText(status, list.children.length ? found(list.children.length) : nothing());
  }

  function parameters(next) {
    const request = new URLSearchParams(wanted);
    request.set("limit", PAGE);
    if (next) request.set("cursor", next);
    // Search for an id first; a word of eleven letters is not found that way, so search titles next.
    if (VIDEO_ID.test(request.get("q") ?? "") && /[\d_-]|[a-z][A-Z]/.test(request.get("q"))) {
      request.set("video_id", request.get("q"));
      request.delete("q");
    }
    return request;
  }

  function found(amount) {
    const summaries = counted(amount, "summary", "summaries");
    if (!cursor) return summaries;
    return wanted.size ? t`${summaries}, and more` : t`The latest ${summaries}`;
  }

  function nothing() {
    return wanted.size
      ? t`Nothing found. Try fewer words.`
      : t`No summaries yet. Every summary you make is listed here, whichever batch it belongs to.`;
  }

  const form = element(
    "form",
    { class: "history-search", role: "search", onsubmit: search },
    field(t`Words in titles or summaries, or a video id`, "", words),
    field(t`From`, "", from),
    field(t`To`, "", to),
    element("button", { class: "primary" }, icon("search"), t`Search`),
  );
  const about = element("p", { class: "soft" }, t`Every summary you have, from all batches, newest first.`);
  search();
  return {
    title: t`Summaries`,
    element: element("section", { class: "page history" }, element("h1", {}, t`Summaries`), about, form, status, list, more),
  };
}

function entry(summary) {
  const facts = join(
    summary.channel,
    summary.duration_seconds !== null && clockTime(summary.duration_seconds),
    modelName(summary.model),
    lengthName(summary.length),
    day(summary.summarized_at),
  );
  return element(
    "li",
    {},
    element(
      "a",
      { class: "card", href: places.summary(summary.id) },
      userText("b", summary.title),
      userText("span", facts, { class: "soft" }),
    ),
  );
}
