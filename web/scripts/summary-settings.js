// The choice of model and length, for the videos of a draft, and for a video that is summarized again.

import { element } from "./dom.js";
import { field } from "./fields.js";
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

/**
 * Creates fields with these settings, or with the suggested model if it is not offered; `read()` returns the choice in
 * the form that the API accepts. `models` can be used.
 */
export async function summarySettings(api, { model, summary_length: length }) {
  const { models, preselected } = await api.get("models");
  const usable = models.filter((each) => each.key_configured || each.alias === model);
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

function select(choices, chosen) {
  return element(
    "select",
    {},
    choices.map(([value, label]) => element("option", { value, selected: value === chosen }, label)),
  );
}
