// The status of a batch or video as a word, and the progress of a batch as a bar.

import { element } from "./dom.js";
import { day, dollars, join, number } from "./format.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

const words = () => ({
  draft: t`Draft`,
  pending: t`Starting`,
  processing: t`Running`,
  waiting: t`Waiting`,
  paused: t`Paused`,
  completed: t`Done`,
  failed: t`Failed`,
  cancelled: t`Cancelled`,
});
const ICONS = {
  draft: "draft",
  pending: "clock",
  processing: "play",
  waiting: "clock",
  paused: "pause",
  completed: "check",
  partial: "warn",
  failed: "cross",
  cancelled: "close",
};

/** The words for a video's status wherever it is shown; in a draft, a failed one is `impossible`. */
export const videoWords = () => ({
  pending: t`Waiting`,
  processing: t`Working`,
  completed: t`Done`,
  failed: t`Failed`,
  impossible: t`Not possible`,
  skipped: t`Left out`,
});

/** A batch that its user did not pause says why it is. */
export function statusWord(batch) {
  if (waitsForNextMonth(batch)) return t`Paused until ${day(batch.follow.goes_on_at)}`;
  return isAtBudget(batch) ? t`Budget too low` : words()[lookOf(batch)];
}

export function isAtBudget({ status, pause }) {
  return status === "paused" && pause.code === "budget_reached";
}

/** Whether too little is left of this month's budget of the batch's follow for the next video. */
export function waitsForNextMonth(batch) {
  return isAtBudget(batch) && Boolean(batch.follow?.month_budget_usd);
}

// The API tells in a sentence only what the next video, or the digest, would cost.
const PRICE = /would cost about \$([\d.,]+);/;

/** How many dollars more the budget needs before the batch can go on, in whole cents; null if that is not known. */
export function lacking({ max_cost_usd: budget, cost }, { message }) {
  const [, price] = PRICE.exec(message) ?? [];
  if (!price || budget === null) return null;
  return wholeCents(cost.usd + Number(price.replaceAll(",", "")) - budget);
}

/** The next whole cent above an amount that is rounded itself. */
export function wholeCents(amount) {
  return Math.max(Math.floor(Math.round(amount * 10_000) / 100) + 1, 1) / 100;
}

/** Says what is left of the month's budget of a batch that waits for the next one: no more than of its own budget. */
export function leftThisMonth({ follow, max_cost_usd: most, cost }) {
  const left = Math.max(Math.round((most - cost.usd) * 10_000) / 10_000, 0);
  return t`At most ${dollars(left)} of this month’s ${dollars(follow.month_budget_usd)} is left`;
}

/** Why videos have cost nothing: their summaries were there already, or the model is free. */
export function freeWord({ saved_usd: saved }) {
  return saved > 0 ? t`reused, free` : t`free`;
}

/** A paused batch that tries again by itself only waits. */
function lookOf({ status, pause }) {
  return status === "paused" && pause?.until ? "waiting" : status;
}

/** A batch that is done with failures does not look like a full success. */
export function statusPill(batch) {
  const { failed } = batch.progress;
  const isPartial = batch.status === "completed" && failed > 0;
  const failures = isPartial && t`${number(failed)} failed`;
  return pill(isPartial ? "partial" : lookOf(batch), join(statusWord(batch), failures));
}

export function pill(look, text = words()[look]) {
  return element("span", { class: `pill ${look}` }, icon(ICONS[look]), text);
}

/** The whole batch as a bar: done, failed, current and remaining videos. */
export function bar(progress) {
  const parts = ["done", "failed", "skipped", "hand"].map((name) => element("span", { class: name }));
  const node = element("span", { class: "bar", "aria-hidden": "true" }, parts);
  fillBar(node, progress);
  return node;
}

export function fillBar(node, { total, completed, failed, skipped, current_video: current }) {
  const shares = [completed, failed, skipped, (current?.percent ?? 0) / 100];
  [...node.children].forEach((part, index) => (part.style.width = `${total ? (100 * shares[index]) / total : 0}%`));
}

/** A bar that screen readers can read. */
export function meter(label) {
  const fill = element("span", {});
  const node = element(
    "span",
    { class: "meter", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100 },
    fill,
  );
  const show = (percent, text = "") => {
    fill.style.width = `${Math.min(percent, 100)}%`;
    node.setAttribute("aria-valuenow", Math.round(Math.min(percent, 100)));
    if (text) node.setAttribute("aria-valuetext", text);
  };
  return { element: node, show };
}
