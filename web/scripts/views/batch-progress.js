// The progress of a running batch, when it will be done, and its cost so far.

import { isOver, isReadingLinks } from "../batch-watch.js";
import { element, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { counted, dollars, join, moment, number, roughSpan, span, tokens } from "../format.js";
import { places } from "../router.js";
import { queryOf } from "../selection.js";
import { bar, fillBar, freeWord, leftThisMonth, meter, waitsForNextMonth } from "../status.js";
import { t } from "../texts.js";
import { doneBell } from "./done-bell.js";

const TICK_MS = 10_000;

const stages = () => [
  ["fetching", t`Reading the captions`],
  ["summarizing", t`Writing the summary`],
];

export function batchProgress(context) {
  const { id } = context;
  const percent = element("p", { class: "percent" });
  const whole = element(
    "div",
    { class: "whole", role: "progressbar", "aria-label": t`The whole batch`, "aria-valuemin": 0, "aria-valuemax": 100 },
    bar({ total: 0 }),
  );
  const counts = element("span", { class: "counts" });
  const toFailed = element("a", { href: places.batch(id, queryOf({ status: "failed" })) }, t`Show what failed`);
  const bell = doneBell();
  const staying = element(
    "p",
    { class: "soft staying" },
    t`You can close this tab; the batch continues without it.`,
    " ",
    bell.element,
  );
  const described = element("p", { class: "soft", hidden: true });
  const statements = element("a", { href: places.batch(id, queryOf({ status: "doubtful" })) });
  const toCheck = element("p", { class: "remark", hidden: true }, statements, "\u00a0· ", t`not found in the captions`);
  const now = nowLine();
  const figures = { time: figure(t`Time left`), cost: figure(t`Cost`), tokens: figure(t`Tokens`) };
  const clock = setInterval(() => shown && showTime(shown), TICK_MS);
  let shown = null;
  const root = element(
    "section",
    { class: "progress", "aria-label": t`Progress`, hidden: true },
    percent,
    element("div", { class: "progress-main" }, whole, element("p", { class: "counts-line" }, counts, toFailed), described, toCheck, now.element, staying),
    element(
      "dl",
      { class: "figures" },
      Object.values(figures).map((each) => each.element),
    ),
  );

  function show(batch) {
    const { progress } = batch;
    shown = batch;
    bell.show(batch);
    setHidden(root, batch.status === "draft");
    setHidden(staying, batch.status !== "processing" && batch.status !== "pending");
    replaceChildren(percent, element("b", {}, String(progress.percent)), "%");
    whole.setAttribute("aria-valuenow", progress.percent);
    const words = isReadingLinks(batch) ? t`Reading the playlist …` : progressInWords(progress);
    whole.setAttribute("aria-valuetext", words);
    fillBar(whole.firstChild, progress);
    setText(counts, words);
    take();
    setHidden(described, !batch.described);
    setText(described, t`${counted(batch.described, "summary", "summaries")} from the description only`);
    setHidden(toCheck, !batch.unverified);
    setText(statements, t`${counted(batch.unverified, "statement")} to check`);
    now.show(progress);
    showTime(batch);
    const most = waitsForNextMonth(batch) || isOver(batch) ? null : batch.max_cost_usd;
    const [cost, remark] = wasFree(batch) ? [freeWord(batch.cost), savedBy(batch.cost)] : [dollars(batch.cost.usd), budgetOf(batch)];
    figures.cost.show(cost, remark, { percent: most && (100 * batch.cost.usd) / most });
    const { input, output } = batch.tokens;
    figures.tokens.show(input + output && tokens(input + output), t`${tokens(input)} in, ${tokens(output)} out`);
  }

  /** Shows how long it still takes, which changes from minute to minute although the batch does not. */
  function showTime(batch) {
    const [time, remark, name] = timeOf(batch);
    figures.time.show(time, remark, { name });
  }

  /** Offers what failed unless it is shown already. */
  function take() {
    setHidden(toFailed, !context.batch?.progress.failed || context.selection.status === "failed");
  }

  return { element: root, show, take, close: () => clearInterval(clock) };
}

/** `3 done · 1 failed · 1 working · 7 waiting, of 12 videos` */
export function progressInWords({ total, completed, failed, skipped, left, current_video: current }) {
  const working = Number(Boolean(current));
  const waiting = Math.max(left - working, 0);
  const parts = [
    t`${number(completed)} done`,
    failed && t`${number(failed)} failed`,
    skipped && t`${number(skipped)} left out`,
    working && t`${number(working)} working`,
    waiting && t`${number(waiting)} waiting`,
  ];
  return t`${join(...parts)}, of ${counted(total, "video")}`;
}

/** Returns the time as a text, which is empty if there is nothing to wait for, a remark, and another name for the figure. */
function timeOf({ status, progress, pause, started_at: start, completed_at: end, estimated_completion: estimate }) {
  if (end && start) return [span((Date.parse(end) - Date.parse(start)) / 1000), t`ended ${moment(end)}`, t`Took`];
  if (status === "paused" && pause.until) return [fromNow(pause.until), moment(pause.until), t`Next try`];
  if (status !== "processing") return ["", ""];
  if (!progress.left) return [t`almost done`, ""];
  if (!estimate) return [t`not known yet`, ""];
  const isLate = Date.parse(estimate) <= Date.now();
  return isLate ? [t`not known yet`, t`longer than expected`] : [t`about ${roughSpan(secondsTo(estimate))}`, t`done at ${moment(estimate)}`];
}

function fromNow(time) {
  const seconds = secondsTo(time);
  return seconds > 0 ? t`in about ${roughSpan(seconds)}` : t`now`;
}

function secondsTo(time) {
  return (Date.parse(time) - Date.now()) / 1000;
}

/** Whether videos are done, nothing was paid for them, and there is no budget to compare that with. */
function wasFree({ cost: { usd }, max_cost_usd: budget, progress: { completed } }) {
  return completed > 0 && !usd && budget === null;
}

function savedBy({ saved_usd: saved }) {
  return saved > 0 ? t`saved ${dollars(saved)}` : "";
}

function budgetOf(batch) {
  const { max_cost_usd: budget, cost } = batch;
  if (waitsForNextMonth(batch)) return leftThisMonth(batch);
  const saved = cost.saved_usd > 0 && t`reused summaries saved ${dollars(cost.saved_usd)}`;
  return join(budget !== null && t`of ${dollars(budget)}`, saved) || t`no budget set`;
}

/** A figure that is hidden while its text is empty. */
function figure(name) {
  const [label, value, note, gauge] = [
    element("dt", {}, name),
    element("b", {}),
    element("small", {}),
    meter(t`${name} compared with the budget`),
  ];
  const root = element("div", {}, label, element("dd", {}, value, note, gauge.element));
  const show = (text, remark, { percent = null, name: shownName = name } = {}) => {
    setHidden(root, !text);
    setText(label, shownName);
    setText(value, text);
    setText(note, remark);
    setHidden(gauge.element, !percent);
    if (percent) gauge.show(percent, `${text} ${remark}`);
  };
  return { element: root, show };
}

function nowLine() {
  const title = userText("b", "");
  const where = element("span", { class: "soft" });
  const steps = stages().map(([name, label]) => element("li", { "data-stage": name }, label));
  const part = meter(t`The current video`);
  const root = element(
    "div",
    { class: "now", hidden: true },
    element("p", { class: "now-title" }, where, " ", title),
    element("ol", { class: "stages" }, steps),
    part.element,
  );

  function show({ current_video: current, total }) {
    setHidden(root, !current);
    if (!current) return;
    const place = number(current.position);
    setText(where, current.title ? `${place}.` : "");
    setText(title, current.title ?? t`Video ${place} of ${number(total)}`);
    for (const step of steps) {
      const isNow = step.dataset.stage === current.stage;
      if (isNow) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    // Only a video of several parts tells how far it is; the bar of another one would look stuck.
    setHidden(part.element, !current.percent);
    part.show(current.percent);
  }

  return { element: root, show };
}
