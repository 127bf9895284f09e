// The name of a batch, the commands that its state allows, and why it waits or has failed.

import { batchName } from "../batch-names.js";
import { isOver } from "../batch-watch.js";
import { deleteSoon } from "../deletions.js";
import { coverageNote, isDigestOverBudget, isRetriedForDigest } from "../digest-coverage.js";
import { button, element, factsLine, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { ask, confirm, menu } from "../dialogs.js";
import { dollarField, dollarsIn, field } from "../fields.js";
import { aboutDollars, counted, day, dollars, moment } from "../format.js";
import { icon } from "../icons.js";
import { attempt, notice, once, onClicks, sentences } from "../notices.js";
import { go, places } from "../router.js";
import { queryOf } from "../selection.js";
import { SignedOut } from "../session.js";
import { isAtBudget, lacking, statusPill, waitsForNextMonth } from "../status.js";
import { lengthName } from "../summary-settings.js";
import { nodes, t, translated } from "../texts.js";
import { advicePart, triesAgain, withoutWait } from "./advice.js";
import { crumb } from "./crumb.js";
import { languageName } from "./language-choice.js";
import { pastedLinks } from "./pasted-links.js";
import { chooseModel } from "./price-menu.js";

const BUTTONS = 2; // further commands stand in a menu
const ADVISES_ANOTHER_MODEL = /^(Change the model|Choose another model)/;

export function batchHead(context) {
  // A click that ends a selection of text is meant for the text.
  const heading = userText("h1", "", { onclick: () => isReading || String(getSelection()) || rename() });
  const back = userText("a", "", { title: t`All videos` });
  const facts = element("p", { class: "facts soft" });
  const lastCommands = element("span", { class: "last-commands" }); // stay in one row
  const commands = element("div", { class: "commands", role: "group", "aria-label": t`Commands` });
  const pencil = button(
    { class: "quiet icon-only", "aria-label": t`Rename the batch`, title: t`Rename`, onclick: rename },
    icon("pencil"),
  );
  const more = button(
    { class: "more-commands icon-only", "aria-label": t`More`, title: t`More`, onclick: openMore },
    icon("more"),
  );
  const title = element(
    "div",
    { class: "batch-title" },
    crumb(places.home, t`Batches`),
    element("div", { class: "name-line" }, heading, pencil, facts),
  );
  const coverage = element("p", { class: "coverage soft", hidden: true });
  const banner = element("div", { class: "banner", role: "status", hidden: true });
  let drawn = "";
  let isNaming = false; // the heading is a field
  let isReading = false; // a video is open, from which the heading leads back
  let inMenu = [];

  const send = (method, path, body = /** @type {any} */ (undefined)) =>
    attempt(async () => {
      const { data } = await context.app.api.request(method, `batch/${context.id}${path}`, { body });
      context.accept(data);
      return data;
    });

  const does = {
    read: command(t`Read`, "book", () => context.read(), "primary"),
    digest: element("a", { class: "button", href: places.digest(context.id) }, icon("digest"), t`Digest`),
    pause: command(t`Pause`, "pause", () => send("POST", "/pause")),
    resume: command(t`Resume`, "play", () => resume(context, send), "primary"),
    cancel: command(t`Cancel`, "close", () => cancel(send)),
    model: command(t`Change the model`, "pencil", () => attempt(() => chooseModel(context))),
    add: command(t`Add videos`, "plus", () => add(context)),
    retry: command(t`Retry`, "retry", () => attempt(() => retry(context))),
    budget: command(t`Raise the budget for the digest`, "retry", () => attempt(() => retryDigest(context))),
    drop: command(t`Leave out`, "skip", () => context.leaveOutFailed()),
    refresh: command(t`Check for new videos`, "retry", () => refresh(context)),
    download: command(t`Download`, "download", () => context.showDownloads()),
    remove: command(t`Delete`, "trash", () => remove(context)),
  };

  does.drop.title = t`Stays in the list, but no longer counts as failed.`;

  function show(batch) {
    drawName(batch);
    const names = possible(batch, context.playlists);
    const retryable = context.countRetryable();
    const covers = coverageNote(batch, batch.digest?.videos);
    const state = JSON.stringify([
      batch.status,
      batch.settings,
      batch.pause,
      batch.error,
      batch.max_cost_usd,
      batch.progress.failed,
      retryable,
      covers,
      context.follow,
      names,
    ]);
    if (state === drawn) return;
    drawn = state;
    drawFacts(batch);
    setText(does.retry.lastChild, retryWords(batch.progress, retryable));
    const isForSome = retryable !== 0 && retryable !== batch.progress.failed;
    does.retry.title = batch.progress.failed > 1 && isForSome ? t`Only those that a retry can help.` : "";
    setText(does.drop.lastChild, t`Leave out ${failedVideos(batch.progress.failed)}`);
    // The note about the digest advises it.
    const advised = names.includes("budget") ? "budget" : "retry";
    const amount = Math.max(BUTTONS, covers ? names.indexOf(advised) + 1 : 0);
    const buttons = names.slice(0, amount).map((name) => does[name]);
    inMenu = names.slice(amount);
    replaceChildren(lastCommands, buttons.pop(), inMenu.length > 0 && more);
    replaceChildren(commands, ...buttons, lastCommands);
    replaceChildren(coverage, icon("digest"), element("span", {}, covers)); // the mark of the button that it is about
    setHidden(coverage, !covers);
    drawBanner(batch);
  }

  function drawName(batch) {
    if (isNaming) return;
    if (!isReading) back.remove();
    else if (!back.isConnected) heading.replaceChildren(back);
    setText(isReading ? back : heading, batchName(batch));
  }

  /** Makes the heading a link back to the list while a video is open. */
  function lead(isBack) {
    isReading = isBack;
    back.setAttribute("href", places.batch(context.id, queryOf(context.selection)));
    if (context.batch) drawName(context.batch);
  }

  function drawFacts(batch) {
    const { settings } = batch;
    const line = factsLine(
      day(batch.created_at),
      translated(batch.model_label),
      t`length: ${lengthName(settings.summary_length)}`,
      settings.options.language && t`language: ${languageName(settings.options.language)}`,
      !waitsForNextMonth(batch) && batch.max_cost_usd !== null && t`budget ${dollars(batch.max_cost_usd)}`,
      context.follow && nodes`new videos of ${userText("a", context.follow.name, { href: places.follows })}`,
    );
    replaceChildren(facts, statusPill(batch), " ", line);
  }

  /**
   * Turns the heading into a field: Enter or leaving it gives the batch its new name, Escape keeps the old one. It stays a
   * field with the new name if that cannot be saved.
   */
  function rename() {
    if (isNaming) return;
    isNaming = true;
    const { batch } = context;
    const shown = batch.automatic_name ? batchName(batch) : batch.name;
    const input = element("input", { "aria-label": t`Name`, dir: "auto", maxlength: 200, autocomplete: "off", value: shown });

    async function end(name) {
      if (!isNaming || input.readOnly) return;
      if (name && name !== shown && !(await save(name))) return;
      isNaming = false;
      // Nothing else is drawn again, so that the click that leaves the field reaches what it is for.
      drawName(context.batch);
      setHidden(pencil, false);
    }

    /** Returns whether the batch has got the name. */
    async function save(name) {
      input.readOnly = true;
      const saved = await send("PATCH", "", { name });
      input.readOnly = false;
      if (!saved && isFocusFree()) input.focus();
      return Boolean(saved);
    }

    input.addEventListener("keydown", async (event) => {
      const isKept = event.key === "Enter";
      if (event.isComposing || !(isKept || event.key === "Escape")) return;
      event.stopPropagation();
      await end(isKept && input.value.trim());
      if (!isNaming && isFocusFree()) pencil.focus();
    });
    input.addEventListener("blur", () => {
      // It keeps the focus if its user looks into another window.
      if (document.activeElement !== input) end(input.value.trim());
    });
    heading.replaceChildren(input);
    setHidden(pencil, true);
    input.focus();
    input.select();
  }

  function openMore() {
    menu(
      t`More`,
      inMenu.map((name) => does[name]).map((node) => ({
        label: node.textContent,
        hint: node.title,
        mark: node.querySelector(".icon").cloneNode(true),
        act: () => node.click(),
      })),
      more,
      { isTitled: false },
    );
  }

  function drawBanner(batch) {
    const { status, pause, error } = batch;
    const problem = status === "paused" ? pause : error;
    const again = goesOn(batch);
    setHidden(banner, !problem && !again);
    if (!problem) {
      banner.classList.add("calm");
      return replaceChildren(banner, icon("clock"), element("p", {}, again));
    }
    const byUser = isByUser(batch);
    const isLimit = isAtBudget(batch); // of its user's own choice
    banner.classList.toggle("calm", byUser || isLimit || isStopped(batch) || Boolean(again));
    const [first, before, after = ""] = waitsForNextMonth(batch)
      ? [t`Too little of this month’s budget is left for the next video.`, `${again} ${toContinueNow(batch)}`]
      : isForModel(batch)
        ? [translated(problem.message), !ADVISES_ANOTHER_MODEL.test(problem.advice) && t`To continue now, change the model.`, again]
        : [translated(problem.message), again];
    const advice = isLimit ? higherBy(batch) : again ? withoutWait(problem.advice) : translated(problem.advice);
    replaceChildren(
      banner,
      icon(again && !advice ? "clock" : byUser || isLimit ? "pause" : "warn"),
      element(
        "div",
        {},
        element("p", {}, element("b", {}, first)),
        advicePart(context.app.session, advice, before, after),
        problem.code.startsWith("model_key_") && element("p", {}, element("a", { href: places.modelKeys(batch.settings.model) }, t`How to store a key`)),
      ),
      status === "paused" && !byUser && !isStopped(batch) && waysOn(batch),
    );
  }

  /** The buttons that continue a batch that has paused by itself. */
  function waysOn(batch) {
    if (waitsForNextMonth(batch))
      return button({ class: "primary", onclick: once(() => attempt(() => raiseBudget(context))) }, t`Raise the monthly budget`);
    const label = isAtBudget(batch) ? t`Resume with a higher budget` : t`Try again now`;
    const look = isForModel(batch) || goesOn(batch) ? "" : "primary";
    return [
      isForModel(batch) &&
        button({ class: "primary", onclick: once(() => attempt(() => chooseModel(context))) }, t`Change the model`),
      button({ class: look, onclick: once(() => resume(context, send)) }, label),
    ];
  }

  return {
    element: element(
      "header",
      { class: "batch-head" },
      element("div", { class: "head-line" }, title, commands),
      coverage,
      banner,
    ),
    show,
    lead,
    focus: () => /** @type {HTMLElement | null} */ (commands.querySelector("button, a"))?.focus({ preventScroll: true }),
  };
}

/** Whether nothing has the focus, because its user has turned to nothing else. */
function isFocusFree() {
  return document.activeElement === document.body;
}

function command(label, mark, act, look = "") {
  const node = button({ class: look }, icon(mark), label);
  onClicks(node, async () => act());
  return node;
}

/** Says when the batch continues without its user; an empty text if it does not. */
function goesOn(batch) {
  const { status, pause, follow } = batch;
  if (isStopped(batch)) return "";
  if (status === "paused" && pause.until) return triesAgain(pause);
  if (!follow?.goes_on_at) return "";
  if (waitsForNextMonth(batch))
    return t`The batch continues on ${day(follow.goes_on_at)}.`;
  const isSoon = Date.parse(follow.goes_on_at) < Date.now();
  const at = isSoon ? t`in a few minutes` : moment(follow.goes_on_at);
  return status === "paused"
    ? t`Skimlist continues automatically: ${at}. You don’t need to do anything.`
    : t`Videos without captions are tried again: ${at}. You don’t need to do anything.`;
}

/** Says by how much the budget has to be raised, for the next video and for all; an empty text if that is not known. */
function higherBy(batch) {
  const least = !waitsForNextMonth(batch) && lacking(batch, batch.pause);
  if (!least) return "";
  const forAll = lackingForAll(batch);
  return forAll > least
    ? t`Raise it by at least ${dollars(least)}, or by about ${aboutDollars(forAll)} for the ${counted(batch.progress.left, "video")} left.`
    : t`Raise it by at least ${dollars(least)}.`;
}

/** What the budget lacks for all videos that are left, if they cost as much as those so far; 0 if there are none yet. */
function lackingForAll({ cost, max_cost_usd: budget, progress: { completed, left } }) {
  return completed > 0 && left > 1 ? (left * (cost.usd + cost.saved_usd)) / completed + cost.usd - budget : 0;
}

function toContinueNow(batch) {
  const least = lacking(batch, batch.pause);
  return least
    ? t`To continue now, raise the monthly budget by at least ${dollars(least)}.`
    : t`To continue now, raise the monthly budget.`;
}

/** The commands in the order of their use. */
function possible(batch, playlists) {
  // The banner of a batch that paused by itself says how it continues.
  const { status, progress } = batch;
  const hasEnded = isOver(batch);
  const hasModelToChange = !hasEnded && status !== "draft" && progress.left > 0;
  return [
    hasEnded && progress.completed > 0 && "read",
    batch.digest?.videos > 0 && "digest",
    (status === "pending" || status === "processing") && "pause",
    status === "paused" && isByUser(batch) && "resume",
    hasEnded && (progress.failed > 0 || progress.left > 0 || isRetriedForDigest(batch)) && "retry",
    hasEnded && progress.failed > 0 && isDigestOverBudget(batch) && "budget",
    (!hasEnded || status === "completed") && "add",
    hasModelToChange && !isForModel(batch) && "model",
    hasEnded && playlists.length > 0 && "refresh",
    hasEnded && progress.completed > 0 && "download",
    hasEnded && progress.failed > 0 && "drop",
    !hasEnded && status !== "draft" && "cancel",
    (hasEnded || status === "draft") && "remove",
  ].filter(Boolean);
}

/** Only videos are repeated that a retry can help; if it can help none, all are, after a question. */
function retryWords({ failed, left }, retryable) {
  if (!failed || left) return t`Retry`;
  const amount = failed === 1 ? failed : retryable;
  return amount === null ? t`Retry failed videos` : t`Retry ${failedVideos(amount || failed)}`;
}

function failedVideos(amount) {
  return counted(amount, "failed video");
}

/** Whether another model would help, which the banner offers. */
function isForModel({ status, pause, progress }) {
  return status === "paused" && pause?.code.startsWith("model_") && progress.left > 0;
}

function isByUser({ pause }) {
  return pause?.code === "paused_by_user";
}

/** Whether an operator has stopped the batch, so that only they can let it continue. */
function isStopped({ pause }) {
  return pause?.code === "stopped_by_operator";
}

/** Raises what the batch's follow may spend a month; its next check continues the batch. */
async function raiseBudget({ app, batch, follow: { id }, look }) {
  const follow = await app.api.get(`follows/${id}`);
  const now = follow.max_cost_usd_per_month;
  const budget = dollarField({ required: true, value: Math.max(now * 2, now + lacking(batch, batch.pause)).toFixed(2) });
  budget.addEventListener("input", () =>
    budget.setCustomValidity(Number(dollarsIn(budget)) > now ? "" : t`Enter more than ${dollars(now)}`),
  );
  const wanted = await ask({
    title: t`Raise the monthly budget`,
    content: [
      field(
        t`New monthly budget in dollars`,
        t`For all new videos of “${follow.name}”; ${dollars(follow.month_usd)} is spent this month so far.`,
        budget,
      ),
    ],
    action: t`Raise the budget`,
    read: () => dollarsIn(budget),
  });
  if (!wanted) return;
  await app.api.patch(`follows/${id}`, { max_cost_usd_per_month: wanted });
  notice(t`The budget is raised. The batch continues within a few minutes.`);
  look();
}

async function resume({ batch }, send) {
  if (!isAtBudget(batch)) return send("POST", "/resume");
  const wanted = await higherBudget(batch, batch.pause, t`Resume with a higher budget`, t`Resume the batch`);
  return wanted && send("POST", "/resume", { max_cost_usd: wanted });
}

/** Returns the new budget in dollars, or nothing if the user changes their mind; `problem` says why the present one is too low. */
function higherBudget(batch, problem, title, action) {
  const least = batch.max_cost_usd + (lacking(batch, problem) ?? 0.01);
  const budget = dollarField({ required: true, value: Math.max(batch.max_cost_usd * 2, least).toFixed(2) });
  return ask({
    title,
    content: [
      field(t`New budget in dollars`, t`For the whole batch; ${dollars(batch.cost.usd)} is spent so far.`, budget),
    ],
    action,
    read: () => dollarsIn(budget),
  });
}

async function cancel(send) {
  const text = t`No more videos will be started, but one that is under way may still be finished. You can still read and download all finished summaries.`;
  const title = t`Cancel this batch?`;
  const agreed = await confirm({ title, text, action: t`Cancel the batch`, keep: t`Keep it running`, isDangerous: true });
  return agreed && send("DELETE", "/cancel");
}

/** Opens the dialog again with the same links if they could not be added, so that a paste is not lost. */
async function add(context) {
  const action = element("span", {}, t`Add`);
  const price = element("p", { class: "soft", role: "status" });
  const links = pastedLinks(context.app.api, {
    label: t`Links`,
    onChange: tellAmount,
    hint: isOver(context.batch)
      ? t`They will be summarized right away. Videos that are already in the batch are not added again.`
      : t`They go to the end of the queue. Videos that are already in the batch are not added again.`,
  });
  const problem = element("p", { class: "problem-text", role: "alert" });

  function tellAmount() {
    const { amount } = links;
    setText(action, addWords(amount));
    setText(price, amount?.videos ? likelyPrice(context.batch, amount) : "");
  }

  do {
    const request = await ask({
      title: t`Add videos`,
      content: [links.element, price, problem],
      action,
      read: () => links.request,
    });
    if (!request?.urls.length) return;
    try {
      const batch = await context.app.api.post(`batch/${context.id}/items`, request);
      notice(additions(batch));
      context.accept(batch);
      return;
    } catch (error) {
      if (error instanceof SignedOut) return;
      setText(problem, sentences(error));
    }
  } while (context.isShown());
}

function addWords(amount) {
  if (!amount?.videos) return t`Add`;
  const videos = counted(amount.videos, "video");
  return amount.isAtMost ? t`Add up to ${videos}` : t`Add ${videos}`;
}

/** What the videos are likely to cost, going by those that are summarized already; empty as long as there are none. */
function likelyPrice({ cost, progress }, { videos, isAtMost }) {
  if (!progress.completed) return "";
  const usd = ((cost.usd + cost.saved_usd) / progress.completed) * videos;
  if (!usd) return t`Free, like the videos so far.`;
  return isAtMost
    ? t`At most about ${aboutDollars(usd)}, going by the videos so far.`
    : t`About ${aboutDollars(usd)}, going by the videos so far.`;
}

function additions({ validation }) {
  if (validation.playlists > 0) return t`Added to the end of the queue; the playlists are being read.`;
  if (validation.valid > 0) return t`Added ${counted(validation.valid, "video")} to the end of the queue.`;
  return t`Nothing was added: these videos are already in the batch.`;
}

async function retry({ app, id, batch, accept }) {
  const again = (body) => app.api.post(`batch/${id}/retry`, body);
  if (isDigestOverBudget(batch) && !batch.progress.failed) return retryDigest({ app, id, batch, accept });
  try {
    const now = await again({});
    accept(now);
    tellRetried(batch, now);
  } catch (error) {
    const isEnding = Boolean(batch.progress.current_video); // in that case it is just too early
    if (error.code !== "wrong_state" || !batch.progress.failed || isEnding) throw error;
    const { failed } = batch.progress;
    const text =
      failed === 1
        ? t`This video has no captions, or it was deleted or is private. That rarely changes.`
        : t`These videos have no captions, or they were deleted or are private. That rarely changes.`;
    const agreed = await confirm({
      title: t`Retrying probably won’t help`,
      text,
      action: t`Retry ${counted(failed, "video")} anyway`,
      keep: t`Don’t retry`,
      isUnwise: true,
    });
    if (agreed) accept(await again({ all: true }));
  }
}

/** Says that some of the failed videos are not repeated. */
function tellRetried({ progress: { failed } }, { progress: { failed: left } }) {
  if (!left || left === failed) return;
  const retried = counted(failed - left, "video is being retried.", "videos are being retried.");
  notice(`${retried} ${t`A retry would not help ${counted(left, "other")}.`}`);
}

async function retryDigest({ app, id, batch, accept }) {
  const wanted = await higherBudget(batch, batch.digest.error, t`Retry with a higher budget`, t`Retry`);
  if (wanted) accept(await app.api.post(`batch/${id}/retry`, { max_cost_usd: wanted }));
}

/** Looks for new videos without paying for any: a draft tells how many there are and what they will take. */
async function refresh({ app, id }) {
  const key = crypto.randomUUID();
  const draft = { start: false, preflight: true };
  const batch = await attempt(() => app.api.post(`batch/${id}/refresh`, draft, { "Idempotency-Key": key }));
  if (batch) go(places.batch(batch.id));
}

async function remove({ app, batch, isShown }) {
  const text = t`“${batchName(batch)}” will be deleted with all its summaries and files. You can undo this for a few seconds.`;
  const title = t`Delete this batch?`;
  const agreed = await confirm({ title, text, action: t`Delete the batch`, keep: t`Keep it`, isDangerous: true });
  if (!agreed) return;
  if (isShown()) go(places.home);
  const name = batchName(batch);
  const words = { deleted: t`“${name}” was deleted.`, restored: t`“${name}” was restored.` };
  deleteSoon(app.api, `batch/${batch.id}`, words);
}
