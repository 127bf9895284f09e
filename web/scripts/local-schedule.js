// The schedule of a follow by the clock of its reader, who may be elsewhere than where it was chosen.

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const DAY_MINUTES = 24 * 60;

/** Returns `{ at, weekday }` as the clock here shows them today; either is null if the schedule has none. */
export function localSchedule({ at, weekday, zone }) {
  if (!at) return { at: null, weekday: null };
  const [hours, minutes] = at.split(":").map(Number);
  const now = new Date();
  const local = 60 * hours + minutes + clockMinutes(ZONE, now) - clockMinutes(zone, now);
  const days = Math.floor(local / DAY_MINUTES);
  const rest = local - days * DAY_MINUTES;
  const shown = [Math.floor(rest / 60), rest % 60].map((each) => String(each).padStart(2, "0")).join(":");
  return { at: shown, weekday: weekday && WEEKDAYS.at((WEEKDAYS.indexOf(weekday) + days) % WEEKDAYS.length) };
}

/** What the clock of a zone shows, in minutes since a common moment. */
function clockMinutes(timeZone, now) {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(now);
  const { year, month, day, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}
