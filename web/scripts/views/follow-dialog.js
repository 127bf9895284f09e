// The dialog that asks how often a playlist or channel is checked for new videos, and what that may cost.

import { ask } from "../dialogs.js";
import { element, setHidden } from "../dom.js";
import { check, dollarField, dollarsIn, field } from "../fields.js";
import { localSchedule, WEEKDAYS, ZONE } from "../local-schedule.js";
import { places } from "../router.js";
import { nodes, t } from "../texts.js";
import { sourceSelection } from "./source-selection.js";

const DEFAULT_TIME = "07:00";

const rhythms = () => ({ hour: t`Every hour`, day: t`Every day`, week: t`Every week` });

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
 * `hasReceiver` tells whether the user gets notifications at all.
 *
 * @param {{ title: string, action: string, hasReceiver: boolean, follow?: any, settings?: { fields: Node[], read: () => object } }} choices
 */
export function askHowToFollow({
  title,
  action,
  hasReceiver,
  follow = {},
  settings = { fields: [], read: () => ({}) },
}) {
  const { at: localTime, weekday: localDay } = localSchedule(follow);
  const every = select(rhythms(), follow.every ?? "day");
  const weekday = select(weekdays(), localDay ?? WEEKDAYS[0]);
  const at = element("input", { type: "time", required: true, value: localTime ?? DEFAULT_TIME });
  const perRun = dollarField({ value: follow.max_cost_usd_per_run ?? "" });
  const perMonth = dollarField({ value: follow.max_cost_usd_per_month ?? "" });
  const selection = sourceSelection(follow.select, { isOfFollow: true });
  const isSelecting = selection.read() !== null;
  const notify = element("input", { type: "checkbox", checked: follow.notify ?? true, disabled: !hasReceiver });
  const dayField = field(t`Day`, "", weekday);
  const timeField = field(t`Time of day`, t`Your local time.`, at);
  const scheduleBefore = JSON.stringify(schedule());

  function showFields() {
    setHidden(dayField, every.value !== "week");
    setHidden(timeField, every.value === "hour");
    at.disabled = every.value === "hour";
  }

  function schedule() {
    return {
      every: every.value,
      ...(every.value === "hour" ? {} : { at: at.value }),
      ...(every.value === "week" ? { weekday: weekday.value } : {}),
    };
  }

  /** The schedule, unless it stays: then it also keeps the zone in which it was chosen, and when clocks change there. */
  function newSchedule() {
    const chosen = schedule();
    return follow.id && JSON.stringify(chosen) === scheduleBefore ? {} : { ...chosen, zone: ZONE };
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
        t`Optional. When it is not enough for the next video, new videos wait for the next month.`,
        perMonth,
      ),
      check(t`Notify me about new videos`, hasReceiver ? t`By email or webhook, as chosen under Settings.` : howToBeNotified(), notify),
    ],
    read: () => ({
      ...settings.read(),
      ...newSchedule(),
      select: selection.read(),
      max_cost_usd_per_run: dollarsIn(perRun) || null,
      max_cost_usd_per_month: dollarsIn(perMonth) || null,
      notify: notify.checked,
    }),
  });
}

function howToBeNotified() {
  const settings = element("a", { href: places.me }, t`Settings`);
  return nodes`To be notified, first choose email or a webhook under ${settings}.`;
}

function select(choices, chosen) {
  return element(
    "select",
    {},
    Object.entries(choices).map(([value, text]) => element("option", { value, selected: value === chosen }, text)),
  );
}
