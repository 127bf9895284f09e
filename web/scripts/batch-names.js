// The name of a batch in the language of the page, unless its user has chosen it.

import { calendarDay, dayAndTime, number } from "./format.js";
import { t } from "./texts.js";

// The API adds this to the name of a batch whose playlists are read again.
const NEW_SINCE = /^(.*) · new since (\d{4}-\d\d-\d\d)$/s;

export function batchName({ name, automatic_name: parts, created_at: created }) {
  if (parts?.title) return parts.others ? t`${parts.title} and ${number(parts.others)} more` : parts.title;
  if (parts) return t`Batch of ${dayAndTime(created)}`;
  const [, earlier, day] = NEW_SINCE.exec(name) ?? [];
  return day ? t`${earlier} · new since ${calendarDay(day)}` : name;
}
