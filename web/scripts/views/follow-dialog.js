// The dialog that asks how often a playlist or channel is checked for new videos, and what that may cost.

import { ask } from "../dialogs.js";
import { element, setHidden } from "../dom.js";
import { check, dollarField, dollarsIn, field } from "../fields.js";
import { t } from "../texts.js";
import { sourceSelection } from "./source-selection.js";

const DEFAULT_TIME = "07:00";
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export const rhythms = () => ({ hour: t`Every hour`, day: t`Every day`, week: t`Every week` });

export const weekdays = () => ({
  monday: t`Monday`,
  tuesday: t`Tuesday`,
  wednesday: t`Wednesday`,
  thursday: t`Thursday`,
  friday: t`Friday`,
  saturday: t`Saturday`,
  sunday: t`Sunday`,
});

/**
 * Returns the chosen schedule, selection, budgets and notification as the API takes them; null if the user cancels.
 * Without an id, the follow is a new one; `settings` are fields for its summaries, whose `read()` is part of the result.
 *
 * @param {{ title: string, action: string, follow?: any, settings?: { fields: Node[], read: () => object } }} choices
 */
export function askHowToFollow({ title, action, follow = {}, settings = { fields: [], read: () => ({}) } }) {
  const every = select(rhythms(), follow.every ?? "day");
  const weekday = select(weekdays(), follow.weekday ?? DAYS[0]);
  const at = element("input", { type: "time", required: true, value: follow.at ?? DEFAULT_TIME });
  const perRun = dollarField({ value: follow.max_cost_usd_per_run ?? "" });
  const perMonth = dollarField({ value: follow.max_cost_usd_per_month ?? "" });
  const selection = sourceSelection(follow.select, { isOfFollow: true });
  const isSelecting = selection.read() !== null;
  const notify = element("input", { type: "checkbox", checked: follow.notify ?? true });
  const zone = follow.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const dayField = field(t`Day`, "", weekday);
  const timeField = field(t`Time of day`, t`Time zone: ${zone}`, at);

  function showFields() {
    setHidden(dayField, every.value !== "week");
    setHidden(timeField, every.value === "hour");
    at.disabled = every.value === "hour";
  }

  every.addEventListener("change", showFields);
  showFields();
  return ask({
    title,
    action,
    content: [
      field(t`Check for new videos`, follow.id ? null : t`Only videos that appear from now on are summarized.`, every),
      dayField,
      timeField,
      ...settings.fields,
      element(
        "details",
        { class: "more", open: isSelecting },
        element("summary", {}, t`Only some of the new videos`),
        selection.element,
      ),
      field(t`Budget per check, in dollars`, t`Optional.`, perRun),
      field(
        t`Budget per month, in dollars`,
        t`Optional. When it is used up, new videos wait for the next month.`,
        perMonth,
      ),
      check(t`Notify me about new videos`, t`By email or webhook, as chosen under Settings.`, notify),
    ],
    read: () => ({
      ...settings.read(),
      every: every.value,
      ...(every.value === "hour" ? {} : { at: at.value }),
      ...(every.value === "week" ? { weekday: weekday.value } : {}),
      zone,
      select: selection.read(),
      max_cost_usd_per_run: dollarsIn(perRun) || null,
      max_cost_usd_per_month: dollarsIn(perMonth) || null,
      notify: notify.checked,
    }),
  });
}

function select(choices, chosen) {
  return element(
    "select",
    {},
    Object.entries(choices).map(([value, text]) => element("option", { value, selected: value === chosen }, text)),
  );
}
