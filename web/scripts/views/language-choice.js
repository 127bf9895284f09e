// A choice of a language by its name; one that is not in the list is typed.

import { element, setHidden } from "../dom.js";
import { field } from "../fields.js";
import { language as pageLanguage, t } from "../texts.js";

const LISTED = [
  ...["ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fil", "fr", "gu", "he", "hi"],
  ...["hr", "hu", "id", "it", "ja", "kn", "ko", "lt", "lv", "ml", "mr", "ms", "nl", "no", "pa", "pl", "pt", "pt-BR"],
  ...["ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant"],
];
const OTHER = "other";
const CODE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const names = new Intl.DisplayNames(pageLanguage, { type: "language" });

/** `German` for `de`; a code that the browser does not know stays. */
export function languageName(code) {
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

/** Every language with a code of two letters that the browser can name, and those of the list: codes by name. */
function codesByName() {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const named = new Map();
  for (const code of [...codes, ...LISTED]) if (languageName(code) !== code) named.set(languageName(code), code);
  return named;
}

/** Returns the field, and its `value`: a code, or the value of one of the `special` choices, which come first. */
export function languageChoice(label, special, { value = "", required = false } = {}) {
  const select = element("select", { required, onchange: showTyped });
  const typed = element("input", { maxlength: 60, autocomplete: "off", required: true, oninput: checkTyped });
  const typedField = field(t`Other language`, t`Its name or code, such as Basque or eu.`, typed);
  const suggestions = element("datalist", { id: `${typed.id}-names` });
  let known = new Map(); // filled when another language is wanted

  function show(wanted) {
    const listed = new Set([...LISTED, ...(isSpecial(wanted) ? [] : [wanted])]);
    const languages = [...listed].map((each) => [each, languageName(each)]);
    languages.sort(([, one], [, other]) => one.localeCompare(other, pageLanguage));
    const choices = [...special, ...languages, [OTHER, t`Another language …`]];
    select.replaceChildren(...choices.map(([each, name]) => element("option", { value: each }, name)));
    select.value = wanted;
    typed.value = "";
    showTyped();
  }

  function isSpecial(wanted) {
    return special.some(([each]) => each === wanted);
  }

  function showTyped() {
    const isOther = select.value === OTHER;
    setHidden(typedField, !isOther);
    typed.disabled = !isOther; // so that the browser does not ask for it
    if (isOther && known.size === 0) {
      known = codesByName();
      suggestions.append(...[...known.keys()].map((name) => element("option", { value: name })));
    }
    checkTyped();
  }

  /** The code of what is typed; undefined if it is neither a name nor a code. */
  function codeTyped() {
    const text = typed.value.trim();
    const isSame = (name) => name.localeCompare(text, pageLanguage, { sensitivity: "base" }) === 0;
    const name = [...known.keys()].find(isSame);
    return known.get(name) ?? (CODE.test(text) ? text : undefined);
  }

  function checkTyped() {
    const isUnknown = typed.value.trim() && codeTyped() === undefined;
    typed.setCustomValidity(isUnknown ? t`No language has this name. Type its code, such as eu for Basque.` : "");
  }

  typed.setAttribute("list", suggestions.id);
  show(value);
  return {
    element: element("div", { class: "language-choice" }, field(label, null, select), typedField, suggestions),
    get value() {
      return select.value === OTHER ? (codeTyped() ?? "") : select.value;
    },
    set value(wanted) {
      show(wanted);
    },
  };
}
