// The status of a batch as a word, and its progress as a bar.

import { element } from "./dom.js";
import { join, number } from "./format.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

const words = () => ({
  draft: t`Draft`,
  pending: t`Starting`,
  processing: t`Running`,
  paused: t`Paused`,
  completed: t`Done`,
  failed: t`Failed`,
  cancelled: t`Cancelled`,
});
const ICONS = {
  draft: "list",
  pending: "clock",
  processing: "play",
  paused: "pause",
  completed: "check",
  partial: "warn",
  failed: "warn",
  cancelled: "close",
};

export function statusWord(status) {
  return words()[status];
}

/** A batch that is done with failures does not look like a full success. */
export function statusPill({ status, progress: { failed } }) {
  const isPartial = status === "completed" && failed > 0;
  const words = join(statusWord(status), isPartial && t`${number(failed)} failed`);
  const look = isPartial ? "partial" : status;
  return element("span", { class: `pill ${look}` }, icon(ICONS[look]), words);
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
