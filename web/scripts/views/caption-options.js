// Which captions a batch reads, apart from the language of its summaries, and what becomes of videos without any.

import { element, setHidden } from "../dom.js";
import { check, field } from "../fields.js";
import { language as pageLanguage, t } from "../texts.js";

const SUGGESTED = [
  ...["en", "de", "es", "fr", "hi", "it", "ja", "ko"],
  ...["nl", "pl", "pt-BR", "ru", "tr", "uk", "zh-Hans", "ar"],
];

/** A field for the code of a language; `languageList` has to be on the page too. */
export function languageInput(value = "") {
  return element("input", {
    list: "languages",
    maxlength: 20,
    pattern: "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    autocomplete: "off",
    value,
  });
}

export function languageField(input) {
  return field(
    t`Language`,
    t`Of the summary, as a code such as de or pt-BR. Optional; without one, each video keeps its own.`,
    input,
  );
}

export function languageList() {
  const names = new Intl.DisplayNames(pageLanguage, { type: "language" });
  return element(
    "datalist",
    { id: "languages" },
    SUGGESTED.map((code) => element("option", { value: code }, names.of(code))),
  );
}

/** `language` is the field of the summaries' language. */
export function captionOptions(language) {
  const captions = languageInput();
  const own = element("input", { type: "checkbox", onchange: () => (captions.disabled = own.checked) });
  const translate = element("input", { type: "checkbox" });
  const fallback = element("input", { type: "checkbox" });
  const noTranslation = element(
    "p",
    { class: "problem-text", role: "status", hidden: true },
    t`This model does not translate: summaries stay in the language of the captions. Choose another model, or let YouTube translate the captions below.`,
  );
  let bound = new Set(); // the models that do not translate

  return {
    noTranslation,
    fields: [
      field(
        t`Language of the captions`,
        t`Optional; without one, captions in the language of the summary are read if a video has them, otherwise its own.`,
        captions,
      ),
      check(t`Always read what is spoken`, t`Captions in the video’s own language, whatever else it has.`, own),
      check(
        t`Let YouTube translate the captions`,
        t`Only if a video has none in that language. Language models translate better by themselves.`,
        translate,
      ),
      check(
        t`Use the description if there are no captions`,
        t`Such a summary is short, costs little, and says that it is made from the description only.`,
        fallback,
      ),
    ],
    know(models) {
      bound = new Set(models.filter((each) => !each.translates).map(({ alias }) => alias));
    },
    showFor(model) {
      setHidden(noTranslation, !(language.value.trim() && bound.has(model)));
    },
    read() {
      const options = {};
      if (own.checked) options.caption_language = "own";
      else if (captions.value.trim()) options.caption_language = captions.value.trim();
      if (translate.checked) options.translate_captions = true;
      if (fallback.checked) options.fallback = "description";
      return options;
    },
    apply({ caption_language: wanted, translate_captions: translated, fallback: substitute }) {
      own.checked = wanted === "own";
      captions.disabled = own.checked;
      captions.value = own.checked ? "" : (wanted ?? "");
      translate.checked = Boolean(translated);
      fallback.checked = substitute === "description";
    },
  };
}
