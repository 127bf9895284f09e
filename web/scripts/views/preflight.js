// Before the start: the expected cost and time of a draft, and the progress of its check.

import { ask } from "../dialogs.js";
import { button, element, replaceChildren, setHidden, setText } from "../dom.js";
import { dollarField, dollarsIn, field } from "../fields.js";
import { aboutDollars, counted, dollars, join, number, roughSpan, span, tokens } from "../format.js";
import { icon } from "../icons.js";
import { attempt, onClicks } from "../notices.js";
import { meter, wholeCents } from "../status.js";
import { budgetHint, digestCheck, summarySettings, verifyCheck } from "../summary-settings.js";
import { explained, t, translated } from "../texts.js";
import { captionOptions, summaryLanguage } from "./caption-options.js";
import { chooseModel } from "./price-menu.js";

export function preflightSheet(context) {
  // Stays while its content changes, so that a button keeps the focus, and gets the click that began on it.
  const words = element("div", { class: "preflight-words" });
  const actions = element("div", { class: "actions" });
  const figures = element("tbody");
  const table = element(
    "table",
    { class: "totals" },
    element("caption", { class: "visually-hidden" }, t`Totals of the videos that were checked`),
    figures,
  );
  const root = element("section", { class: "preflight", "aria-label": t`Before the start`, hidden: true }, words, actions, table);
  const part = meter(t`Videos checked`);
  const start = command("start", "play", "primary");
  const check = command("preflight", "search");
  setText(check.lastChild, t`Check the cost first`);

  /** A button that sends a command of this name. */
  function command(name, mark, look = "") {
    const node = button({ class: look }, icon(mark), element("span", {}));
    onClicks(node, async () => {
      const batch = await attempt(() => context.app.api.post(`batch/${context.id}/${name}`));
      if (batch) context.accept(batch);
    });
    return node;
  }

  const change = button({}, icon("pencil"), t`Change the settings`);
  change.addEventListener("click", () => attempt(() => changeDraft(context)));

  const compare = button({}, icon("chart"), t`Compare models`);
  compare.addEventListener("click", () => attempt(() => chooseModel(context)));

  function show(batch) {
    setHidden(root, batch.status !== "draft");
    if (root.hidden) return;
    const { progress, preflight: found, max_cost_usd: budget } = batch;
    const isTooDear = Boolean(found) && isAbove(budget, found);
    const price = isTooDear ? t`pauses at ${dollars(budget)}` : found?.cost_usd > 0 && t`about ${aboutDollars(found.cost_usd)}`;
    setText(start.lastChild, join(t`Start ${counted(progress.left, "video")}`, found?.status === "ready" && price));
    start.classList.toggle("primary", !isTooDear);
    change.classList.toggle("primary", isTooDear);
    setText(change.lastChild, isTooDear ? t`Raise the budget` : t`Change the settings`);
    root.classList.toggle("is-short", !found);
    if (hasNothing(batch)) fill(nothing());
    else fill(found ? sheet(batch, found) : unchecked(batch));
  }

  function fill({ said, commands, rows }) {
    replaceChildren(words, said);
    replaceChildren(actions, commands);
    replaceChildren(
      figures,
      rows.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value))),
    );
    setHidden(actions, !commands.length);
    setHidden(table, !rows.length);
  }

  /** Whether its playlists were read and brought nothing. */
  function hasNothing({ progress }) {
    return (
      progress.total === 0 &&
      context.playlists.length > 0 &&
      context.playlists.every(({ status }) => status !== "pending")
    );
  }

  function nothing() {
    return {
      said: [
        element("h2", {}, t`There are no new videos`),
        element("p", {}, t`The playlists contain nothing new. You can delete this draft.`),
      ],
      commands: [],
      rows: [],
    };
  }

  function unchecked({ progress, remarks }) {
    return {
      said: [
        element("h2", {}, t`A draft of ${counted(progress.left, "video")}`),
        element(
          "p",
          {},
          t`You pay nothing until you start. Checking is free: it reads the captions and shows the length, language and cost of each video.`,
        ),
        (progress.failed > 0 || progress.skipped > 0) &&
          element(
            "p",
            {},
            join(
              progress.failed > 0 && impossible(progress),
              progress.skipped > 0 && t`${number(progress.skipped)} left out`,
            ),
          ),
        remarks.map((remark) => element("p", { class: "problem-text" }, translated(remark))),
      ],
      commands: [progress.left > 0 && start, check, change],
      rows: [],
    };
  }

  function sheet({ progress, max_cost_usd: budget, remarks }, found) {
    const isTooDear = isAbove(budget, found);
    const isChecking = found.status === "checking";
    const waiting = progress.left;
    part.show(
      waiting ? (100 * found.checked) / waiting : isChecking ? 0 : 100,
      t`${number(found.checked)} of ${number(waiting)}`,
    );
    const heading = {
      checking: waiting
        ? t`Checking: ${number(found.checked)} of ${counted(waiting, "video")}`
        : t`Reading the playlist …`,
      ready: progress.failed
        ? t`${number(found.checked)} of ${counted(found.checked + progress.failed, "video")} can be summarized`
        : t`Checked: ${counted(found.checked, "video")}`,
      stopped: t`The check stopped after ${counted(found.checked, "video")}`,
    }[found.status];
    const rows = [
      [t`Total length`, span(found.duration_seconds)],
      [t`Ready in about`, roughSpan(found.seconds)],
      [t`Tokens`, t`${tokens(found.tokens_in)} in, ${tokens(found.tokens_out)} out`],
      [t`Costs about`, aboutDollars(found.cost_usd)],
      found.reused > 0 && [
        t`Reused`,
        join(counted(found.reused, "summary", "summaries"), found.saved_usd > 0 && t`saves ${dollars(found.saved_usd)}`),
      ],
      progress.skipped > 0 && [t`Left out`, number(progress.skipped)],
    ].filter((row) => row !== false);
    return {
      said: [
        element("h2", {}, heading),
        progress.failed > 0 && found.status !== "ready" && element("p", {}, impossible(progress)),
        isTooDear &&
          element(
            "p",
            { class: "problem-text" },
            t`The summaries cost about ${aboutDollars(found.cost_usd)}, which is ${dollars(wholeCents(found.cost_usd - budget))} above your budget of ${dollars(budget)}; the batch will pause when it is used up.`,
          ),
        found.error
          ? element("p", { class: "problem-text" }, explained(found.error))
          : element(
              "p",
              {},
              isChecking
                ? t`You can start at any time.`
                : isTooDear
                  ? t`Raise the budget, or leave out some of the videos.`
                  : t`Reorder the videos, leave out what you don’t want, then start.`,
            ),
        remarks.map((remark) => element("p", { class: "problem-text" }, translated(remark))),
        isChecking && part.element,
      ],
      commands: [
        isTooDear && change, // first, because it is what the text advises
        waiting > 0 && start,
        (found.status === "stopped" || found.checked < waiting) && !isChecking && check,
        found.checked > 0 && compare,
        !isTooDear && change,
      ],
      rows,
    };
  }

  return { element: root, show };
}

function impossible({ failed }) {
  return counted(failed, "video cannot be summarized", "videos cannot be summarized");
}

/** Changes the draft; the forecast follows, and only captions that were not fetched yet are. */
async function changeDraft({ app, id, batch, accept }) {
  const { options } = batch.settings;
  const settings = await summarySettings(app.api, batch.settings);
  const language = summaryLanguage(options.language ?? "");
  const captions = captionOptions(language);
  const shown = batch.max_cost_usd?.toFixed(2) ?? "";
  const budget = dollarField({ value: shown });
  const digest = element("input", { type: "checkbox", checked: options.digest });
  const verify = element("input", { type: "checkbox", checked: options.verify === "ask" });
  // A budget with fractions of a cent is kept unless another one is typed.
  const newBudget = () => (budget.value === shown ? {} : { max_cost_usd: dollarsIn(budget) || null });
  captions.know(settings.models);
  captions.apply(options);
  captions.showFor(batch.settings.model);
  const newOptions = () => ({
    ...options,
    ...{ language: language.value || null, caption_language: null, translate_captions: false, fallback: null },
    ...captions.read(),
    ...{ digest: digest.checked, verify: verify.checked ? "ask" : "flag" },
  });
  const fields = element(
    "div",
    { class: "fields", oninput: () => captions.showFor(settings.read().model) },
    settings.fields,
    field(t`Budget in dollars`, budgetHint(), budget),
    language.element,
    captions.noTranslation,
    captions.fields,
    digestCheck(digest),
    verifyCheck(verify),
  );
  const wanted = await ask({
    title: t`Change the settings`,
    content: [fields],
    action: t`Save the changes`,
    read: () => ({ ...settings.read(), options: newOptions(), ...newBudget() }),
  });
  if (wanted) accept(await app.api.patch(`batch/${id}`, wanted));
}

function isAbove(budget, found) {
  return budget !== null && found.cost_usd > budget;
}
