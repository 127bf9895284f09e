// Reads files with links: text in any encoding, and the exports of browsers, downloaders and Google Takeout.

const LINK = /<a\s[^<>]*?\bhref\s*=\s*["']([^"'<>]*)["']/gi;
const VIDEO_OR_PLAYLIST = /youtu\.be\/|youtube(-nocookie)?\.com\/(?!channel\/|@|user\/|c\/)/i;
// The first of these fields is the address of the described object; others lead to its channel or its pictures.
const ADDRESS_KEYS = ["webpage_url", "titleUrl", "original_url", "url", "link", "href", "uri"];

/** Returns the text of the file; for a web page or JSON with links to YouTube, only these links, one per line. */
export function linkText(bytes) {
  const text = decode(bytes);
  const links = [...new Set(linksOfJson(text) ?? linksOfHtml(text))];
  return links.length > 0 ? links.join("\n") : text;
}

function decode(bytes) {
  const encoding = encodingOf(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes); // as spreadsheets on Windows save it
  }
}

/** Recognizes the encoding by its byte order mark, or by the zero bytes that ASCII has in UTF-16. */
function encodingOf([first, second]) {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0) return "utf-16le";
  return first === 0 ? "utf-16be" : null;
}

/** Returns no links if the text is not JSON; a file can have one document, or one per line. */
function linksOfJson(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  const documents = parsed([text]) ?? parsed(text.split("\n").filter((line) => line.trim()));
  return documents && [...linksWithin(documents)];
}

function parsed(texts) {
  try {
    return texts.map((each) => JSON.parse(each));
  } catch {
    return null;
  }
}

function* linksWithin(value) {
  if (typeof value === "string" && VIDEO_OR_PLAYLIST.test(value)) yield value;
  if (value === null || typeof value !== "object") return;
  const link = Array.isArray(value.entries) ? null : linkOf(value);
  if (link) yield link;
  else for (const each of partsOf(value)) yield* linksWithin(each);
}

function partsOf(value) {
  if (Array.isArray(value)) return value;
  return value.entries ?? Object.values(value).filter((each) => typeof each === "object");
}

function linkOf(value) {
  if (typeof value.videoId === "string") return value.videoId;
  if (value.ie_key === "Youtube") return `https://youtu.be/${value.id}`;
  return ADDRESS_KEYS.map((key) => value[key]).find((each) => VIDEO_OR_PLAYLIST.test(each ?? ""));
}

function linksOfHtml(text) {
  return Array.from(text.matchAll(LINK), ([, address]) => address).filter((each) => VIDEO_OR_PLAYLIST.test(each));
}
