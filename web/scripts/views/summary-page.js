// One summary on a page of its own, to which the history links.

import { element } from "../dom.js";
import { places } from "../router.js";
import { wordsOf } from "../selection.js";
import { t } from "../texts.js";
import { crumb } from "./crumb.js";
import { markSummary, statementAt, summarySheet } from "./summary.js";
import { notFound } from "./error.js";

export async function summaryPageView({ api }, { parameters: { summaryId }, query }) {
  try {
    const summary = await api.get(`summaries/${summaryId}`);
    const ways = element(
      "div",
      { class: "ways" },
      crumb(places.history, t`Summaries`),
      element("a", { href: places.batch(summary.batch_id) }, t`Go to its batch`),
    );
    const sheet = markSummary(summarySheet(summary, 1), wordsOf(query.get("q") ?? ""));
    return {
      title: summary.title,
      element: element("div", { class: "page reading" }, ways, sheet),
      focusOn: statementAt(sheet, query.get("at")),
    };
  } catch (error) {
    if (error.status !== 404) throw error;
    const text = t`It was deleted with its batch, or it belongs to another account.`;
    return notFound(t`Summary not found`, text, [places.history, t`Go to your summaries`]);
  }
}
