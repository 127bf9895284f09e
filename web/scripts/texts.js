// The texts of the page in its user's language. The English text is in the code that shows it; a table maps it to the
// text in another language.

const KEY = "skimlist.language";
// What somebody sees before signing in, for which a first visit waits; and everything else.
const FIRST = { de: () => import("./texts/de-first.js") };
const OTHERS = { de: () => import("./texts/de.js") };

const SENTENCES = /(?<=\.) (?=\p{Lu})/u;
const APOSTROPHE = /(?<=\p{L})'(?=\p{L})|(?<=s)'(?= )/gu;
const COMMAND = /:? `([^`]+)`/;
const AMOUNT = /^\$([\d,]+(?:\.(\d+))?)$/;
const TECHNICAL = /\b[A-Z]+_[A-Z_]+\b|\bdocs\/|youtube-transcript-api/;

export const LANGUAGES = { en: "English", de: "Deutsch" };
export const language = chosenLanguage() ?? navigator.languages.map(primary).find((each) => each in LANGUAGES) ?? "en";

const plurals = new Intl.PluralRules(language);
let catalogue = {};
let patterns = [];
let errorSentences = {};

/** Loads the texts of signing in; await it before showing anything. What cannot be loaded is said in English. */
export async function loadFirstTexts() {
  document.documentElement.lang = language;
  const loaded = await FIRST[language]?.().catch(() => null);
  if (loaded) catalogue = { ...catalogue, ...loaded.texts };
}

/** Loads all other texts; await it before showing anything to somebody who is signed in. */
export async function loadTexts() {
  const loaded = await OTHERS[language]?.().catch(() => null);
  if (!loaded) return;
  catalogue = { ...catalogue, ...loaded.texts };
  [patterns, errorSentences] = [loaded.patterns, loaded.sentences];
}

/** Switches to a language, in which everything is shown again. */
export function chooseLanguage(wanted) {
  localStorage.setItem(KEY, wanted);
  location.reload();
}

/** Returns t`“${name}” was deleted.` in the user's language, for any name. */
export function t(parts, ...values) {
  return nodes(parts, ...values).join("");
}

/** Returns the same as a list, for values that are elements. */
export function nodes(parts, ...values) {
  const english = parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`);
  const pieces = (catalogue[english] ?? english).split(/\{(\d)\}/);
  return pieces.map((piece, index) => (index % 2 ? values[piece] : piece));
}

/** Translates a sentence of the API; one that the language does not know stays English, with the page's apostrophes. */
export function translated(sentence) {
  return known(sentence) ?? sentence.replace(APOSTROPHE, "’");
}

function known(sentence) {
  return catalogue[sentence] ?? fromPattern(sentence);
}

/**
 * Returns a problem that the API gives with sentences that the language knows: what an earlier version has stored may be
 * worded otherwise today, and then the present sentences of its code say it. Returns any other value as it is.
 */
export function inPresentWords(value) {
  const present = typeof value?.message === "string" && errorSentences[value.code];
  if (!present) return value;
  const [message, advice] = present;
  const orPresent = (sentence, now) => (known(sentence) === null ? now : sentence);
  const told = { ...value, message: orPresent(value.message, message) };
  return "advice" in value ? { ...told, advice: orPresent(value.advice, advice) } : told;
}

function fromPattern(sentence) {
  for (const [english, other] of patterns) {
    const literal = english.replace(/[.$()?*+^|[\]\\]/g, "\\$&");
    const found = new RegExp(`^${literal.replace(/\{\d\}/g, "(.+)")}$`).exec(sentence);
    if (found) return other.replace(/\{(\d)\}/g, (_, place) => inLocale(found[Number(place) + 1]));
  }
  return null;
}

/** Returns an amount of money as the browser's locale writes it, and anything else as it is. */
function inLocale(part) {
  const [, amount, decimals = ""] = AMOUNT.exec(part) ?? [];
  if (!amount) return part;
  const shown = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", minimumFractionDigits: decimals.length });
  return shown.format(Number(amount.replaceAll(",", "")));
}

/**
 * Divides an advice: `plain` is what its reader can do, `toRun` a sentence that ends with the command to run, or nothing, and
 * `technical` what names settings and files of the deployment.
 */
export function adviceParts(advice) {
  const sentences = translated(advice).split(SENTENCES);
  const kindOf = (sentence) => (COMMAND.test(sentence) ? "toRun" : TECHNICAL.test(sentence) ? "technical" : "plain");
  const joined = (kind) => sentences.filter((each) => kindOf(each) === kind).join(" ");
  const [, command = ""] = COMMAND.exec(advice) ?? [];
  return { plain: joined("plain"), toRun: joined("toRun").replace(COMMAND, ""), command, technical: joined("technical") };
}

/** Returns what went wrong and what to do, where there is no room for a command. */
export function explained({ message, advice }) {
  const { plain, toRun } = adviceParts(advice);
  return [translated(message), plain, toRun].filter(Boolean).join(" ");
}

/** Chooses the text for one or for several; `{0}` is replaced by the amount as it is `shown`. */
export function plural(amount, one, other, shown) {
  const forms = catalogue[other] ?? { one, other };
  return (forms[plurals.select(amount)] ?? forms.other).replace("{0}", shown);
}

function chosenLanguage() {
  const chosen = localStorage.getItem(KEY);
  return chosen && chosen in LANGUAGES ? chosen : null;
}

function primary(tag) {
  return tag.split("-")[0];
}
