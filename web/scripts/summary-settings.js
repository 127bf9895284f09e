// The choice of model and length, for the videos of a draft, and for a video that is summarized again.

import { element } from "./dom.js";
import { check, field } from "./fields.js";
import { t, translated } from "./texts.js";

export const lengths = () => [
  ["brief", t`Brief`, t`a paragraph and the main points`],
  ["standard", t`Standard`, t`about a page, with key points and chapters`],
  ["detailed", t`Detailed`, t`everything that matters`],
];

/** The name of a length within a sentence. */
export function lengthName(length) {
  return { brief: t`brief`, standard: t`standard`, detailed: t`detailed` }[length] ?? length;
}

export const budgetHint = () =>
  t`Optional. The batch pauses before a video that would exceed it. Failed requests can add a little.`;

/** Asks whether a digest is written. */
export function digestCheck(input) {
  return check(
    t`Write a digest of the whole batch`,
    t`What the videos have in common, where they differ, and which to watch first.`,
    input,
  );
}

/** Asks whether the model has another look at what it wrote. */
export function verifyCheck(input) {
  return check(
    t`Fix statements that are not in the captions`,
    t`The model looks at them again, and corrects or removes them if it can. This costs a second, shorter request.`,
    input,
  );
}

/**
 * Creates fields with these settings, or with the suggested model if it is not offered; `read()` returns the choice in
 * the form that the API accepts. `models` can be used.
 */
export async function summarySettings(api, { model, summary_length: length }) {
  const { models, preselected } = await api.get("models");
  const usable = bestFirst(models.filter((each) => each.key_configured || each.alias === model));
  const modelField = select(
    usable.map(({ alias, label }) => [alias, translated(label)]),
    models.some(({ alias }) => alias === model) ? model : preselected,
  );
  const lengthField = select(lengths(), length);
  return {
    models: usable,
    fields: [field(t`Model`, "", modelField), field(t`Length`, "", lengthField)],
    read: () => ({ model: modelField.value, summary_length: lengthField.value }),
  };
}

/** Sorts models with a key first: somebody stored it to use them, while a free one may not even be running. */
export function bestFirst(models) {
  return [...models].sort((one, other) => Number(isPaid(other)) - Number(isPaid(one)));
}

export function isPaid(model) {
  return model.usd_per_million_tokens_in > 0 || model.usd_per_million_tokens_out > 0;
}

function select(choices, chosen) {
  return element(
    "select",
    {},
    choices.map(([value, label]) => element("option", { value, selected: value === chosen }, label)),
  );
}
