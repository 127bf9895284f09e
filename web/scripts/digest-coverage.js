// Says which videos a digest lacks, and how they come in.

import { isOver } from "./batch-watch.js";
import { counted } from "./format.js";
import { explained, t } from "./texts.js";

/** `videos` is how many the digest covers; an empty text if the batch has no others. */
export function coverageNote(batch, videos) {
  if (!videos || !lacksVideos(batch, videos)) return "";
  const covered = counted(videos, "video");
  if (batch.digest?.error) return t`The digest covers ${covered} and could not be rewritten: ${explained(batch.digest.error)}`;
  if (!isOver(batch)) return t`The digest covers ${covered}. It will be rewritten when the others are done.`;
  return hasVideosLeft(batch)
    ? t`The digest covers ${covered}. Retry the batch to summarize the others and rewrite the digest.`
    : t`The digest covers ${covered}. Retry the batch to rewrite the digest.`;
}

/** Whether a retry of an ended batch writes its digest. */
export function isRetriedForDigest(batch) {
  const { digest, progress } = batch;
  if (!digest) return false;
  if (digest.error) return digest.error.retryable || isDigestOverBudget(batch);
  return digest.videos > 0 && progress.completed > digest.videos;
}

/** Whether the digest needs a higher budget of its batch. */
export function isDigestOverBudget({ digest }) {
  return digest?.error?.code === "digest_over_budget";
}

/** Whether the end of the batch came before the turn of some videos; one that is under way will still be summarized. */
function hasVideosLeft({ progress: { left, current_video: current } }) {
  return left > Number(Boolean(current));
}

/** Videos that failed or were left out never come into a digest. */
function lacksVideos({ progress: { completed, left } }, videos) {
  return completed > videos || left > 0;
}
