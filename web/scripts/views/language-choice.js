// A choice of a language by its name; one that is not in the list is given by its code.

import { element, setHidden } from "../dom.js";
import { field } from "../fields.js";
import { language as pageLanguage, t } from "../texts.js";

const LISTED = [
  ...["ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fil", "fr", "gu", "he", "hi"],
  ...["hr", "hu", "id", "it", "ja", "kn", "ko", "lt", "lv", "ml", "mr", "ms", "nl", "no", "pa", "pl", "pt", "pt-BR"],
  ...["ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant"],
];
const OTHER = "other";
const names = new Intl.DisplayNames(pageLanguage, { type: "language" });

/** `German` for `de`; a code that the browser does not know stays. */
export function languageName(code) {
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

/** Returns the field, and its `value`: a code, or the value of one of the `special` choices, which come first. */
export function languageChoice(label, special, { value = "", required = false } = {}) {
  const select = element("select", { required, onchange: showCode });
  const code = element("input", {
    maxlength: 20,
    pattern: "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    placeholder: "pt-AO",
    autocomplete: "off",
    required: true,
  });
  const codeField = field(t`Code of the language`, null, code);

  function show(wanted) {
    const listed = new Set([...LISTED, ...(isSpecial(wanted) ? [] : [wanted])]);
    const languages = [...listed].map((each) => [each, languageName(each)]);
    languages.sort(([, one], [, other]) => one.localeCompare(other, pageLanguage));
    const choices = [...special, ...languages, [OTHER, t`Another language …`]];
    select.replaceChildren(...choices.map(([each, name]) => element("option", { value: each }, name)));
    select.value = wanted;
    code.value = "";
    showCode();
  }

  function isSpecial(wanted) {
    return special.some(([each]) => each === wanted);
  }

  function showCode() {
    const isOther = select.value === OTHER;
    setHidden(codeField, !isOther);
    code.disabled = !isOther; // so that the browser does not ask for it
  }

  show(value);
  return {
    element: element("div", { class: "language-choice" }, field(label, null, select), codeField),
    get value() {
      return select.value === OTHER ? code.value.trim() : select.value;
    },
    set value(wanted) {
      show(wanted);
    },
  };
}
