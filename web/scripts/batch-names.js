// The names of batches and videos in the language of the page, unless somebody has chosen them.

import { calendarDay, dayAndTime, isolated, number, onOneLine } from "./format.js";
import { t } from "./texts.js";

// What the API adds to the name of a batch whose playlists are read again, and to that of a follow for each of its batches.
const DATED = /^(.*) · (new since )?(\d{4}-\d\d-\d\d)$/s;

/** A video whose title is not known yet is named by its address. */
export function videoName({ title, video_id: videoId }) {
  return title ?? t`Video at youtu.be/${videoId}`;
}

export function batchName({ name, automatic_name: parts, created_at: created }) {
  if (parts?.title) return parts.others ? t`${parts.title} and ${number(parts.others)} more` : parts.title;
  if (parts) return t`Batch of ${dayAndTime(created)}`;
  const [, title, isNewer, date] = DATED.exec(name) ?? [];
  if (!date || Number.isNaN(Date.parse(date))) return name;
  const day = isolated(onOneLine(calendarDay(date)));
  return isNewer ? t`${title} · new since ${day}` : `${title} · ${day}`;
}
