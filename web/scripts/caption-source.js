// What a summary is made from, where that is not what YouTube captions.

import { t } from "./texts.js";

/** Null for captions of YouTube. */
export function captionSource(kind) {
  const sources = {
    given: t`captions that you uploaded`,
    transcribed: t`transcribed by your program`,
    description: t`from the description only`,
  };
  return sources[kind] ?? null;
}
