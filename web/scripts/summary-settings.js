// Which model is to summarize, and at what length: asked for the videos of a draft, and for one that is summarized again.

import { element } from "./dom.js";
import { field } from "./fields.js";

export const LENGTHS = [
  ["brief", "Brief", "a paragraph and the main points"],
  ["standard", "Standard", "a page, points and chapters"],
  ["detailed", "Detailed", "everything of substance"],
];

/** Fields with what `settings` says; `read()` gives what was chosen, as the API takes it. */
export async function summarySettings(api, { model, summary_length: length }) {
  const { models } = await api.get("models");
  const usable = models.filter((each) => each.key_configured || each.alias === model);
  const modelField = select(
    usable.map(({ alias, label }) => [alias, label]),
    model,
  );
  const lengthField = select(LENGTHS, length);
  return {
    fields: [field("Model", "", modelField), field("Length", "", lengthField)],
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
