// Compares what the rest of a batch would cost with each model, and lets the user choose another one.

import { ask } from "../dialogs.js";
import { element } from "../dom.js";
import { choice } from "../fields.js";
import { counted, dollars, join, roughSpan } from "../format.js";
import { bestFirst, isPaid } from "../summary-settings.js";
import { t, translated } from "../texts.js";

/** Changes the model. A draft's forecast is updated; the waiting videos of a started batch get the new model. */
export async function chooseModel({ app, id, batch, accept }) {
  const [{ models }, prices] = await Promise.all([app.api.get("models"), app.api.get(`batch/${id}/prices`)]);
  const present = batch.settings.model;
  const usable = bestFirst(models.filter((each) => each.key_configured || each.alias === present));
  const found = Object.fromEntries(prices.models.map((each) => [each.model, each]));
  const fields = choice(
    t`Model`,
    "model",
    usable.map((each) => [each.alias, translated(each.label), priceOf(found[each.alias], isPaid(each), batch)]),
    present,
  );
  const wanted = await ask({
    title: batch.status === "draft" ? t`Compare models` : t`Finish the rest with another model`,
    content: [element("p", {}, explained(prices)), fields],
    action: t`Use this model`,
    read: () => fields.querySelector(":checked")?.value,
  });
  if (wanted && wanted !== present) accept(await app.api.patch(`batch/${id}`, { model: wanted }));
}

function priceOf(price, costs, { cost, max_cost_usd: budget }) {
  if (!price) return null;
  const isTooDear = budget !== null && cost.usd + price.cost_usd > budget;
  return join(
    price.cost_usd === 0 ? (costs ? t`reused, free` : t`free`) : t`about ${dollars(price.cost_usd)}`,
    t`about ${roughSpan(price.seconds)}`,
    isTooDear && t`over your budget of ${dollars(budget)}`,
  );
}

function explained({ basis, videos }) {
  if (basis === "checked") return t`For ${counted(videos, "video")}, based on their captions.`;
  if (basis === "so_far") return t`For the ${counted(videos, "video")} left, based on the finished ones.`;
  return t`Prices will be known once videos have been checked or summarized.`;
}
