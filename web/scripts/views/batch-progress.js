// The progress of a running batch, when it will be done, and its cost so far.

import { isOver, isReadingLinks } from "../batch-watch.js";
import { element, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { counted, dollars, join, moment, number, roughSpan, span, tokens } from "../format.js";
import { places } from "../router.js";
import { queryOf } from "../selection.js";
import { bar, fillBar, leftThisMonth, meter, waitsForNextMonth } from "../status.js";
import { t } from "../texts.js";
import { doneBell } from "./done-bell.js";

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
  const toCheck = element("p", { class: "remark", hidden: true }, statements, " · ", t`not found in the captions`);
  const now = nowLine();
  const figures = { left: figure(t`Time left`), cost: figure(t`Cost`), tokens: figure(t`Tokens`) };
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
    bell.show(batch);
    root.classList.toggle("is-waiting", !hasFigures(batch));
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
    const [time, remark, name] = timeOf(batch);
    figures.left.show(time, remark, null, name);
    const most = waitsForNextMonth(batch) || isOver(batch) ? null : batch.max_cost_usd;
    figures.cost.show(dollars(batch.cost.usd), budgetOf(batch), most && (100 * batch.cost.usd) / most);
    figures.tokens.show(
      tokens(batch.tokens.input + batch.tokens.output),
      t`${tokens(batch.tokens.input)} in, ${tokens(batch.tokens.output)} out`,
    );
  }

  /** Offers what failed unless it is shown already. */
  function take() {
    setHidden(toFailed, !context.batch?.progress.failed || context.selection.status === "failed");
  }

  return { element: root, show, take };
}

/** Whether anything has begun: until then, zeros mean nothing. */
function hasFigures(batch) {
  const { progress, tokens, estimated_completion: estimate } = batch;
  const hasWork = progress.percent + progress.completed + progress.failed + tokens.input + tokens.output > 0;
  return isOver(batch) || hasWork || estimate !== null;
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

/** Returns the time as a text, a remark, and, of a batch that has ended, another name for the figure. */
function timeOf({ status, progress, started_at: start, completed_at: end, estimated_completion: estimate }) {
  if (end && start) return [span((Date.parse(end) - Date.parse(start)) / 1000), t`ended ${moment(end)}`, t`Took`];
  if (status === "processing" && !progress.left) return ["–", t`finishing up`];
  if (!estimate) return ["–", status === "processing" ? t`not known yet` : ""];
  if (Date.parse(estimate) <= Date.now()) return ["–", t`taking longer than expected`];
  return [t`about ${roughSpan((Date.parse(estimate) - Date.now()) / 1000)}`, t`done at ${moment(estimate)}`];
}

function budgetOf(batch) {
  const { max_cost_usd: budget, cost } = batch;
  if (waitsForNextMonth(batch)) return leftThisMonth(batch);
  return (
    join(budget !== null && t`of ${dollars(budget)}`, cost.saved_usd > 0 && t`${dollars(cost.saved_usd)} saved`) ||
    t`no budget set`
  );
}

function figure(name) {
  const [label, value, note, gauge] = [
    element("dt", {}, name),
    element("b", {}),
    element("small", {}),
    meter(t`${name} compared with the budget`),
  ];
  gauge.element.hidden = true;
  const show = (text, remark, percent = null, otherName = name) => {
    setText(label, otherName);
    setText(value, text);
    setText(note, remark);
    setHidden(gauge.element, !percent);
    if (percent) gauge.show(percent, `${text} ${remark}`);
  };
  return { element: element("div", {}, label, element("dd", {}, value, note, gauge.element)), show };
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
    part.show(current.percent);
  }

  return { element: root, show };
}
