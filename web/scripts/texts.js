// The words of the page in its user's language. English stands where it is shown; a catalogue finds the texts of another
// language by the English ones.

const KEY = "skimlist.language";
const CATALOGUES = { de: async () => (await import("./texts/de.js")).texts };

export const LANGUAGES = { en: "English", de: "Deutsch" };
export const language = chosenLanguage() ?? navigator.languages.map(primary).find((each) => each in LANGUAGES) ?? "en";

const plurals = new Intl.PluralRules(language);
let catalogue = {};

/** To be awaited before anything is shown. Without the texts of a language the page speaks English. */
export async function loadTexts() {
  document.documentElement.lang = language;
  catalogue = (await CATALOGUES[language]?.().catch(() => null)) ?? {};
}

/** Everything is written again in that language. */
export function chooseLanguage(wanted) {
  localStorage.setItem(KEY, wanted);
  location.reload();
}

/** t`“${name}” is deleted.` in the user's language, with a name of any text in it. */
export function t(parts, ...values) {
  return nodes(parts, ...values).join("");
}

/** The same as a list, for values that are elements. */
export function nodes(parts, ...values) {
  const english = parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`);
  const pieces = (catalogue[english] ?? english).split(/\{(\d)\}/);
  return pieces.map((piece, index) => (index % 2 ? values[piece] : piece));
}

/** A sentence of the API; one that tells more than usual stays English. */
export function translated(sentence) {
  return catalogue[sentence] ?? sentence;
}

/** What went wrong, and what to do. */
export function explained({ message, advice }) {
  return `${translated(message)} ${translated(advice)}`;
}

/** What is said of one, or of several; `{0}` stands for the amount as it is `shown`. */
export function plural(amount, one, other, shown) {
  const forms = catalogue[other] ?? { one, other };
  return (forms[plurals.select(amount)] ?? forms.other).replace("{0}", shown);
}

function chosenLanguage() {
  const chosen = localStorage.getItem(KEY);
  return chosen in LANGUAGES ? chosen : null;
}

function primary(tag) {
  return tag.split("-")[0];
}
