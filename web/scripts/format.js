// Formats numbers, times and money in the browser's locale, by the same rules as exports and emails
// (skimlist/formatting.py).

import { language, plural, t } from "./texts.js";

const NUMBER = new Intl.NumberFormat();
const TENTHS = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const CENTS = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD" });
const FINE = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", minimumFractionDigits: 4 });
const ROUGH = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", maximumSignificantDigits: 2 });
const COMPACT = new Intl.NumberFormat(undefined, { notation: "compact", maximumSignificantDigits: 3 });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const LIST = new Intl.ListFormat(language);
const CHOICE = new Intl.ListFormat(language, { type: "disjunction" });
const CALENDAR_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

export function number(value) {
  return NUMBER.format(value);
}

/** `1 video`, `2 videos`, `1,200 videos` */
export function counted(amount, noun, nouns = `${noun}s`) {
  return plural(amount, `{0} ${noun}`, `{0} ${nouns}`, number(amount));
}

/** A position in a video, or its length, as players show it: `m:ss`, and from one hour on `h:mm:ss`. */
export function clockTime(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = `${hours ? String(minutes).padStart(2, "0") : minutes}:${String(whole % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${tail}` : tail;
}

/** A length of time with at most two units, which stay on one line: `1 h 12 min`, `3 min 5 s`, `0 s`. */
export function span(seconds) {
  const whole = Math.max(Math.round(seconds), 0);
  const amounts = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const shown = amounts.filter(([amount]) => amount).slice(0, 2);
  return onOneLine(shown.map(([amount, unit]) => `${amount} ${unit}`).join(" ") || "0 s");
}

/** An expected length of time, only as exact as an estimate can be: `8 s`, `40 s`, `9 min`, `1 h 20 min`. */
export function roughSpan(seconds) {
  const step = seconds < 10 ? 1 : seconds < 60 ? 10 : seconds < 3600 ? 60 : 600;
  return span(step * Math.max(Math.round(seconds / step), 1));
}

/** A length of time that distinguishes short ones: `0.4 s`, `12 s`. */
export function fineSpan(seconds) {
  if (seconds < 0.05) return t`less than ${fineSpan(0.1)}`;
  return seconds < 10 ? onOneLine(`${TENTHS.format(seconds)} s`) : span(seconds);
}

/** Dollars: to the cent from one dollar on and for whole cents, otherwise with the four decimals of prices of videos. */
export function dollars(amount) {
  if (amount >= 1 || Number.isInteger(amount * 100)) return CENTS.format(amount);
  return amount >= 0.0001 ? FINE.format(amount) : t`less than ${FINE.format(0.0001)}`;
}

/** Dollars beside larger amounts: to the cent, from one cent on. */
export function cents(amount) {
  return amount >= 0.01 ? CENTS.format(amount) : dollars(amount);
}

/** Expected dollars, only as exact as an estimate can be. */
export function aboutDollars(amount) {
  return amount >= 1 || amount < 0.0001 ? dollars(amount) : ROUGH.format(amount);
}

export function tokens(amount) {
  return amount < 10_000 ? number(amount) : COMPACT.format(amount);
}

export function size(bytes) {
  if (bytes < 1000) return t`${bytes} bytes`;
  return bytes < 1_000_000 ? `${number(Math.round(bytes / 1000))} kB` : `${TENTHS.format(bytes / 1_000_000)} MB`;
}

/** A time of day such as `18:30`, which is the same in every time zone. */
export function timeOfDay(text) {
  return onOneLine(CLOCK.format(new Date(`1970-01-01T${text}Z`)));
}

/** The time of day, and the day too unless it is today. */
export function moment(text) {
  const date = new Date(text);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? onOneLine(TIME.format(date)) : nearTime(text);
}

/** The day and the time of day, with the year unless it is this one. */
export function nearTime(text) {
  const date = new Date(text);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return `${(isThisYear ? SHORT_DAY : DAY).format(date)}, ${onOneLine(TIME.format(date))}`;
}

export function dayAndTime(text) {
  const date = new Date(text);
  return `${DAY.format(date)}, ${onOneLine(TIME.format(date))}`;
}

export function day(text) {
  return DAY.format(new Date(text));
}

/** A day of the calendar, such as `2026-03-01`, which is the same in every time zone. */
export function calendarDay(text) {
  return CALENDAR_DAY.format(new Date(text));
}

/** When a video became public; only the month if YouTube told just how long ago that was. */
export function uploaded({ published_at: moment, published_at_is_approximate: isApproximate }) {
  if (!moment) return null;
  return onOneLine(isApproximate ? t`about ${MONTH.format(new Date(moment))}` : day(moment));
}

/** Keeps the words of a text on one line. */
export function onOneLine(text) {
  return text.replaceAll(" ", "\u00a0");
}

/** Keeps a text in any direction of writing apart from the words beside it. */
export function isolated(text) {
  return `\u2068${text}\u2069`;
}

/** The length of a video; empty if it is not known, as that of a stream that has not begun. */
export function lengthOf({ duration_seconds: seconds }) {
  return seconds ? clockTime(seconds) : "";
}

/** `2, 5 and 9` */
export function listed(parts) {
  return LIST.format(parts);
}

/** `2, 5 or 9` */
export function eitherOf(parts) {
  return CHOICE.format(parts);
}

/** Facts in one line of text, which does not break before a dot. */
export function join(...parts) {
  return parts.filter(Boolean).join("\u00a0· ");
}

export function videoTime(videoId, seconds) {
  return `https://youtu.be/${videoId}?t=${Math.floor(seconds)}`;
}
