// Says which videos a digest lacks, and how they come in.

import { isOver } from "./batch-watch.js";
import { counted } from "./format.js";
import { t } from "./texts.js";

/** `videos` is how many the digest covers; an empty text if the batch has no others. */
export function coverageNote(batch, videos) {
  if (!videos || !lacksVideos(batch, videos)) return "";
  const covered = counted(videos, "video");
  return isOver(batch)
    ? t`The digest covers ${covered}. Retry the batch to summarize the others and rewrite the digest.`
    : t`The digest covers ${covered}. It will be rewritten when the others are done.`;
}

/** Videos that failed or were left out never come into a digest. */
function lacksVideos({ progress: { completed, left } }, videos) {
  return completed > videos || left > 0;
}
