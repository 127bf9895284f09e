// Escapes text from outside in Markdown, so that no program that reads the file takes it for markup.

// By the same rules as exports (skimlist/export/markdown.py), which explain them.
const IN_PROSE =
  /[\\`[\]<#|$~^{=%:/&.@](?:(?<![=%:/&.@])|(?<===)|(?<=%%)|(?<=::)|(?<=\/\/)|(?<=&)(?=#?[\p{L}\p{N}_]+;)|(?<=[A-Za-z]:)(?=[/\p{L}\p{N}_%?#])|(?<=[wW][wW][wW]\.)|(?<=[\p{L}\p{N}_]@)(?=[\p{L}\p{N}_]))/gu;
const IN_A_LINE = new RegExp(IN_PROSE.source.replace("[", "[*_"), "gu");
const START_OF_A_BLOCK = /^\p{Nd}*(?=[-+>.)])/u;
const START_IN_PROSE = /^(?=[>=]|-(?! \S))/;
const LINE_BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu;

/** Returns a text on one line, without any markup. */
export function oneLine(text) {
  return escaped(text, IN_A_LINE, START_OF_A_BLOCK);
}

/** Returns running text, in which paragraphs, lists and emphasis stay; all other markup is shown literally. */
export function paragraphs(text) {
  const lines = text.split(LINE_BREAK).map((line) => escaped(line, IN_PROSE, START_IN_PROSE));
  return lines.join("\n").trim();
}

function escaped(text, markup, blockStart) {
  const line = text.replace(UNPRINTABLE, " ").replace(/\s+/g, " ").trim();
  // A backslash would leave `<%` in the file, which Templater runs wherever it finds it.
  const inLine = line.replace(markup, (sign) => (sign === "<" ? "&lt;" : `\\${sign}`));
  return inLine.replace(blockStart, "$&\\");
}
