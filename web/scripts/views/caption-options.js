// Which captions a batch reads, apart from the language of its summaries, and what becomes of videos without any.

import { element, setHidden } from "../dom.js";
import { check } from "../fields.js";
import { t } from "../texts.js";
import { languageChoice } from "./language-choice.js";

/** The language of the summaries; empty for that of each video. */
export function summaryLanguage(value = "") {
  return languageChoice(t`Language of the summaries`, [["", t`Same as the video`]], { value });
}

/** `language` is the choice of the summaries' language. */
export function captionOptions(language) {
  const captions = languageChoice(t`Captions to read`, [
    ["", t`Chosen automatically`],
    ["own", t`Always in the video’s own language`],
  ]);
  const translate = element("input", { type: "checkbox" });
  const fallback = element("input", { type: "checkbox" });
  const noTranslation = element(
    "p",
    { class: "problem-text", role: "status", hidden: true },
    t`This model does not translate: each summary stays in the language of its captions. Choose another model, or let YouTube translate the captions (below).`,
  );
  let bound = new Set(); // the models that do not translate

  return {
    noTranslation,
    fields: [
      captions.element,
      check(
        t`Let YouTube translate the captions`,
        t`Only for videos without captions in the language that you chose. Language models usually translate better than YouTube.`,
        translate,
      ),
      check(
        t`Use the description if there are no captions`,
        t`Such a summary is short, costs little, and says that it is based on the description only.`,
        fallback,
      ),
    ],
    know(models) {
      bound = new Set(models.filter((each) => !each.translates).map(({ alias }) => alias));
    },
    showFor(model) {
      setHidden(noTranslation, !(language.value && bound.has(model)));
    },
    read() {
      const options = {};
      if (captions.value) options.caption_language = captions.value;
      if (translate.checked) options.translate_captions = true;
      if (fallback.checked) options.fallback = "description";
      return options;
    },
    apply({ caption_language: wanted, translate_captions: translated, fallback: substitute }) {
      captions.value = wanted ?? "";
      translate.checked = Boolean(translated);
      fallback.checked = substitute === "description";
    },
  };
}
