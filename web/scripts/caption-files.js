// Captions that the user gives: reads their files, finds the videos that they belong to, and sends them.

import { t } from "./texts.js";

// The body of a request has at most 1 MB, and its JSON is longer than the file.
const MAX_IN_REQUEST = 500_000;
export const MAX_FILE = 10_000_000;
export const FORMATS = ".vtt,.srt,.sbv,.ttml,.dfxp,.xml,.json,.json3,.srv1,.srv2,.srv3,.lrc,.txt";
const LANGUAGE_IN_NAME = /([.\]_-])([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\.[A-Za-z0-9]+$/;
// What may follow a hyphen or an underscore: other codes end a title, too, such as “log-in”, “sci-fi” or “by-the-sea”.
const AFTER_A_HYPHEN = new Set(["de", "en", "es", "fr", "ja", "ko", "nl", "pl", "pt", "ru", "zh"]);

/** `{ pairs: [{ file, item }], strays: [file] }`: each file belongs to the video whose id is in its name. */
export function matchFiles(files, items) {
  const found = files.map((file) => ({ file, item: items.find(({ video_id: id }) => file.name.includes(id)) }));
  return { pairs: found.filter(({ item }) => item), strays: found.filter(({ item }) => !item).map(({ file }) => file) };
}

/** The language that a downloader has put into the name of a file, as in `A talk [dQw4w9WgXcQ].en.vtt`; else "". */
export function languageIn(name) {
  const [, before, code] = LANGUAGE_IN_NAME.exec(name) ?? ["", "", ""];
  return ".]".includes(before) || AFTER_A_HYPHEN.has(code.split("-")[0]) ? code : "";
}

/** Sends a caption file; the batch goes on with it. */
export async function sendCaptions(api, { file, item, batchId, language }) {
  if (file.size > MAX_FILE) throw new Error(t`${file.name} is larger than 10 MB.`);
  const path = `videos/${item.video_id}/transcript`;
  const captions = { language, batch_id: batchId };
  const text = file.size <= MAX_IN_REQUEST ? plainText(await file.arrayBuffer()) : null;
  if (text === null) await upload(api, path, file);
  else captions.captions = text;
  return api.put(path, captions);
}

/** Null where the bytes are not UTF-8: then they are sent as they are, and the server finds out their encoding. */
function plainText(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function upload(api, path, file) {
  const { url } = await api.post(`${path}/upload`, { size_bytes: file.size });
  // A file has a type of its own, which the link was not signed for.
  const sent = await fetch(url, { method: "PUT", body: new Blob([file]) }).catch(() => null);
  if (!sent?.ok) throw new Error(t`${file.name} could not be uploaded. Try again.`);
}
