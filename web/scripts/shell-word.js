// Writes a text as one word of a shell command.

const HARMLESS = /^[\w@:./+-]+$/;

/**
 * Returns the text in single quotes, unless all of its characters are harmless in a shell. Quotes that are not needed would
 * do harm on Windows, whose command line takes them for a part of the text.
 */
export function shellWord(text) {
  return HARMLESS.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
