// The form for a new batch: links, options, and how to start it.

import { ApiError } from "../api.js";
import { button, element, replaceChildren, setHidden, setText } from "../dom.js";
import { check, choice, dollarField, dollarsIn, field } from "../fields.js";
import { aboutDollars, counted, dollars, join, onOneLine } from "../format.js";
import { icon } from "../icons.js";
import { keepChoices, lastChoices } from "../last-choices.js";
import { loaded } from "../lazy.js";
import { attempt, notice, once, sentences } from "../notices.js";
import { go, places } from "../router.js";
import { SignedOut } from "../session.js";
import { bestFirst, budgetHint, digestCheck, isPaid, lengthName, lengths, verifyCheck } from "../summary-settings.js";
import { t, translated } from "../texts.js";
import { captionOptions, summaryLanguage } from "./caption-options.js";
import { languageName } from "./language-choice.js";
import { pastedLinks } from "./pasted-links.js";
import { presetChoice } from "./presets.js";

// The request of each button; a checked draft shows its cost before anything is paid.
const BEGINNINGS = {
  start: { start: true },
  check: { start: false, preflight: true },
  draft: { start: false },
};

/** Calls `onSent` when the batch is created, or its source followed. */
export function composer({ api, session }, onSent) {
  const last = lastChoices(session.email);
  const links = pastedLinks(api, {
    label: t`Links`,
    hint: t`Paste links to YouTube videos, playlists and channels, in any format.`,
    onChange: show,
  });
  const name = element("input", { dir: "auto", maxlength: 200, autocomplete: "off" });
  const language = summaryLanguage(last.language);
  const captions = captionOptions(language);
  const focus = element("input", { dir: "auto", maxlength: 1000, autocomplete: "off" });
  const instructions = element("textarea", { dir: "auto", rows: 3, maxlength: 2000 });
  const timestamps = element("input", { type: "checkbox", checked: last.timestamps ?? true });
  const digest = element("input", { type: "checkbox", checked: last.digest ?? false });
  const verify = element("input", { type: "checkbox", checked: last.verify ?? false });
  const budget = dollarField();
  const models = element("div", { class: "models" }, element("p", { class: "soft" }, t`Loading the models …`));
  const chosenNow = element("span", { class: "soft" });
  const price = element("span", { class: "soft" });
  const again = button({ onclick: showModels }, icon("retry"), t`Reload the models`);
  const presets = presetChoice(api, { read: settings, apply });
  const problem = element("p", { class: "problem-text", role: "alert" });
  const buttons = [
    element("button", { class: "primary", value: "start" }, t`Start now`),
    element("button", { value: "check" }, t`Check the cost first`),
    element("button", { class: "quiet", value: "draft" }, t`Save as draft`),
  ];
  const followIt = button({ class: "quiet", hidden: true, onclick: once(followSource) });
  let free = new Set(); // the models that cost nothing
  let lastTry = {};

  function show() {
    for (const each of buttons) each.disabled = !links.isReady;
    form.classList.toggle("is-empty", !links.lines.length);
    setHidden(followIt, !links.onlySource);
    setText(followIt, links.onlySource?.status === "channel" ? t`Follow this channel` : t`Follow this playlist`);
    setText(buttons[0], form.inert ? t`One moment …` : startWords(links.amount));
    name.placeholder = nameOfContent();
    tellPrice();
  }

  /** What is known of the cost before the captions are read. */
  function tellPrice() {
    const most = Number(dollarsIn(budget));
    const known = free.has(new FormData(form).get("model")) ? t`free` : most > 0 && t`at most ${dollars(most)}`;
    setText(price, (links.isReady && known) || "");
  }

  /** The title of the only playlist or channel, after which the batch would be named anyway. */
  function nameOfContent() {
    const source = links.onlySource;
    return [...((source && links.titleOf(source)) ?? "")].slice(0, 200).join("");
  }

  /** Follows the playlist or channel instead of summarizing its present videos. */
  async function followSource() {
    const source = links.onlySource;
    const select = links.selectionOf(source);
    const wanted = { title: links.titleOf(source), source: source.input };
    const follows = await attempt(() => loaded(import("./follows.js")));
    if (await follows?.follow(api, wanted, { ...settings(), ...(select && { select }) })) onSent();
  }

  async function submit(event) {
    event.preventDefault();
    const { body, key } = attemptAt({
      ...links.request,
      ...settings(),
      ...(name.value.trim() && { name: name.value.trim() }),
      ...BEGINNINGS[event.submitter?.value ?? "start"],
    });
    setText(problem, "");
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    form.inert = true;
    show();
    try {
      const batch = await api.post("batch/create", body, { "Idempotency-Key": key });
      keepChoices(session.email, {
        model: body.model,
        length: body.summary_length,
        language: body.options.language ?? "",
        timestamps: body.options.include_timestamps,
        digest: digest.checked,
        verify: verify.checked,
      });
      onSent();
      go(places.batch(batch.id));
    } catch (error) {
      if (error instanceof SignedOut) return;
      setText(problem, error instanceof ApiError ? sentences(error) : t`${error.message} Nothing is lost: try again.`);
    } finally {
      form.inert = false;
      show();
      focused.focus();
    }
  }

  /**
   * Returns the same request with the same key if nothing else was chosen, so that only one batch is created if a
   * response is lost. The title of the content may have become known since then.
   */
  function attemptAt(chosen) {
    const text = JSON.stringify(chosen);
    if (lastTry.text !== text) {
      const title = nameOfContent();
      lastTry = { text, body: { ...(title && { name: title }), ...chosen }, key: crypto.randomUUID() };
    }
    return lastTry;
  }

  function settings() {
    const options = { include_timestamps: timestamps.checked, focus_areas: listed(focus.value) };
    if (language.value) options.language = language.value;
    Object.assign(options, captions.read());
    if (instructions.value.trim()) options.instructions = instructions.value.trim();
    if (digest.checked) options.digest = true;
    if (verify.checked) options.verify = "ask";
    const chosen = new FormData(form);
    const settings = { model: chosen.get("model") ?? undefined, summary_length: chosen.get("length"), options };
    if (dollarsIn(budget)) settings.max_cost_usd = dollarsIn(budget);
    return settings;
  }

  /** Says in a line what the folded options are, and what they cost. */
  function tellOptions() {
    const model = form.querySelector("input[name=model]:checked + span b")?.textContent;
    const length = new FormData(form).get("length");
    const most = Number(dollarsIn(budget));
    const parts = [
      model,
      onOneLine(t`length: ${lengthName(length)}`),
      language.value && onOneLine(t`language: ${languageName(language.value)}`),
      most && onOneLine(t`budget ${dollars(most)}`),
    ];
    setText(chosenNow, join(name.value.trim(), ...parts));
    tellPrice();
    presets.compare();
  }

  /** Applies the settings of a preset, or earlier ones; the model only if it is available. */
  function apply({ model, summary_length: length, options: chosen, max_cost_usd: most }) {
    for (const [group, value] of [
      ["model", model],
      ["length", length],
    ]) {
      const control = form.querySelector(`input[name="${group}"][value="${CSS.escape(value)}"]`);
      if (control) control.checked = true;
      else if (value) notice(t`The model of this preset, ${value}, is not available now.`, { isProblem: true });
    }
    timestamps.checked = chosen.include_timestamps;
    focus.value = chosen.focus_areas.join(", ");
    language.value = chosen.language ?? "";
    captions.apply(chosen);
    instructions.value = chosen.instructions ?? "";
    digest.checked = chosen.digest;
    verify.checked = chosen.verify === "ask";
    budget.value = most ?? "";
    tellOptions();
  }

  async function showModels() {
    const answer = await attempt(() => api.get("models"));
    if (answer) {
      captions.know(answer.models);
      free = new Set(answer.models.filter((model) => !isPaid(model)).map(({ alias }) => alias));
    }
    replaceChildren(models, ...(answer ? modelChoice(answer.models, answer.preselected, last.model) : [again]));
    if (!answer) options.open = true; // without them, the way to load them is in sight
    tellOptions();
  }

  const more = element(
    "details",
    { class: "more" },
    element("summary", {}, t`More options`),
    language.element,
    captions.noTranslation,
    ...captions.fields,
    field(
      t`Topics to look for`,
      t`Up to ten, separated by commas. Each summary reports what the video says about them.`,
      focus,
    ),
    field(t`Instructions`, t`Anything else the model should do, in your own words.`, instructions),
    check(t`Link to moments in the video`, t`Key points and chapters link to their moment in the video.`, timestamps),
    verifyCheck(verify),
  );
  const options = element(
    "details",
    { class: "settings" },
    element("summary", {}, t`Options`, " ", chosenNow),
    element(
      "div",
      { class: "options" },
      field(t`Name`, t`Optional. If you leave it empty, the batch is named after its content.`, name),
      field(t`Budget in dollars`, budgetHint(), budget),
      models,
      choice(t`Length of each summary`, "length", lengths(), lengthOf(last.length)),
      more,
    ),
  );
  const form = element(
    "form",
    { class: "composer is-empty", onsubmit: submit, oninput: tellOptions },
    links.element,
    element(
      "div",
      { class: "options-line" },
      digestCheck(digest),
      presets.element,
      options,
    ),
    problem,
    element("div", { class: "actions" }, buttons[0], price, buttons.slice(1), followIt),
  );
  form.addEventListener("input", () => captions.showFor(new FormData(form).get("model")));
  form.addEventListener("invalid", unfold, { capture: true });
  show();
  showModels();
  return { element: form, isUnsent: () => links.lines.length > 0, add: (text) => links.append(text) };
}

function startWords(amount) {
  if (!amount?.videos) return t`Start now`;
  const videos = counted(amount.videos, "video");
  return amount.isAtMost ? t`Start up to ${videos}` : t`Start ${videos}`;
}

/** Unfolds the options, because the browser shows the error of a field only if the field is visible. */
function unfold({ target }) {
  target.closest("details")?.setAttribute("open", "");
}

/** Selects `wanted` if it is available, otherwise the model that the deployment suggests. */
function modelChoice(models, preselected, wanted) {
  const [usable, others] = [
    bestFirst(models.filter((model) => model.key_configured)),
    models.filter((model) => !model.key_configured),
  ];
  const choices = usable.map((model) => [model.alias, translated(model.label), likelyPrice(model)]);
  const list = element(
    "ul",
    { class: "models-without-key" },
    others.map((model) =>
      element("li", {}, element("a", { href: places.modelKeys(model.alias) }, translated(model.label)), " ", element("small", {}, likelyPrice(model))),
    ),
  );
  return [
    choice(t`Model`, "model", choices, usable.some(({ alias }) => alias === wanted) ? wanted : preselected),
    others.length > 0 &&
      element(
        "details",
        {},
        element("summary", {}, t`${counted(others.length, "more model")} that need an API key`),
        list,
      ),
  ];
}

function lengthOf(wanted) {
  return lengths().some(([value]) => value === wanted) ? wanted : "standard";
}

function likelyPrice(model) {
  if (isPaid(model)) return t`about ${aboutDollars(100 * model.usd_per_hour_of_video)} for 100 videos of an hour each`;
  return model.translates ? t`free` : t`free, quotes the captions`; // only a model that writes can translate
}

function listed(text) {
  return text
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter(Boolean)
    .slice(0, 10);
}
