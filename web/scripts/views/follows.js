// What the user follows: when each source is looked at, its budgets, and its last new videos; and following one more.

import { isPassing } from "../api.js";
import { deleteSoon, finishDeletions, isDeleted, onDeletions } from "../deletions.js";
import { button, element, externalLink, replaceChildren, setHidden, setText, userText, totals } from "../dom.js";
import { field } from "../fields.js";
import { counted, day, dollars, nearTime, timeOfDay } from "../format.js";
import { lastChoices } from "../last-choices.js";
import { localSchedule } from "../local-schedule.js";
import { attempt, notice, once } from "../notices.js";
import { go, places } from "../router.js";
import { sourceProblem } from "../source-problem.js";
import { pill } from "../status.js";
import { summarySettings } from "../summary-settings.js";
import { explained, t } from "../texts.js";
import { summaryLanguage } from "./caption-options.js";
import { openFeedLink } from "./feed-link.js";
import { askHowToFollow, weekdays } from "./follow-dialog.js";
import { selectionInWords } from "./source-selection.js";

const LONGEST_NAME = 200;

let unanswered = null; // the last request to follow a source, until it is answered

export async function followsView({ api, session }) {
  const list = element("ul", { class: "follows" });
  const following = element("h2", {}, t`What you follow`);
  const empty = element(
    "p",
    { class: "empty" },
    t`You don’t follow any channel or playlist yet. Paste a link to one above.`,
  );
  const link = element("input", {
    required: true,
    maxlength: 2000,
    autocomplete: "off",
    placeholder: "youtube.com/@…",
  });
  const problem = element("p", { class: "problem-text", role: "alert" });
  const adding = element(
    "form",
    {
      class: "follow-new",
      onsubmit: (event) => {
        event.preventDefault();
        addOnce();
      },
    },
    field(
      t`Link to a channel or playlist`,
      null,
      link,
      element("button", { class: "primary" }, t`Follow`),
    ),
    problem,
  );
  const addOnce = once(add);
  let follows = (await api.get("follows")).follows.map(named);

  async function add() {
    setText(problem, "");
    const source = link.value.trim();
    const made = await attempt(async () => {
      const found = await describe(api, source);
      if (found.problem) return setText(problem, found.problem);
      return create(api, { source, title: found.title }, {}, await settingsFields(api, session.email));
    });
    if (!made) return;
    link.value = "";
    follows = [...follows.filter(({ id }) => id !== made.id), named(made)];
    show();
    notice(t`New videos will be summarized from now on.`);
  }

  function show() {
    const shown = follows.filter(({ id }) => !isDeleted(`follows/${id}`));
    // What needs its user comes first.
    const inOrder = shown.sort((one, other) => Number(Boolean(other.problem)) - Number(Boolean(one.problem)));
    const returnFocus = focusInCards();
    replaceChildren(list, ...inOrder.map(card));
    setHidden(empty, shown.length > 0);
    setHidden(following, shown.length === 0);
    returnFocus();
  }

  /** Returns what gives the focus to the same button of the same follow again; if it is gone, to the field above. */
  function focusInCards() {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const before = list.contains(focused) ? /** @type {HTMLElement} */ (focused.closest("li")) : null;
    if (!before) return () => {};
    const stops = (node) => [...node.querySelectorAll("a, button")];
    const place = stops(before).indexOf(focused);
    return () => {
      const now = [...list.children].find((node) => node.dataset.id === before.dataset.id);
      (now ? stops(now)[place] : link).focus({ preventScroll: true });
    };
  }

  function card(follow) {
    const isPaused = follow.status === "paused";
    return element(
      "li",
      { class: "box", "data-id": follow.id },
      element(
        "div",
        {},
        element(
          "div",
          { class: "card-head" },
          element("h3", {}, externalLink(follow.source.url, { dir: "auto" }, follow.name)),
          isPaused && pill("paused"),
        ),
        follow.problem && element("p", { class: "problem-text" }, explained(follow.problem)),
      ),
      factsOf(follow),
      element(
        "div",
        { class: "actions" },
        button({ class: "small", onclick: once(() => change(follow)) }, t`Change`),
        button(
          { class: "small", onclick: once(() => patch(follow, { status: isPaused ? "active" : "paused" })) },
          isPaused ? t`Resume` : t`Pause`,
        ),
        button({ class: "small", onclick: () => openFeedLink(api, follow, (since) => keep(follow, since)) }, t`RSS feed`),
        button({ class: "small", onclick: () => end(follow) }, t`Stop following`),
      ),
    );
  }

  async function change(follow) {
    const wanted = await attempt(async () =>
      askHowToFollow({
        title: t`Change how you follow “${follow.name}”`,
        action: t`Save the changes`,
        hasReceiver: await hasReceiver(api),
        follow,
      }),
    );
    if (wanted) await patch(follow, wanted);
  }

  async function patch(follow, changes) {
    await attempt(async () => {
      const changed = named(await api.patch(`follows/${follow.id}`, changes));
      follows = follows.map((each) => (each.id === changed.id ? changed : each));
      show();
    });
  }

  function keep(follow, since) {
    follows = follows.map((each) => (each.id === follow.id ? { ...each, feed_created_at: since } : each));
    show();
  }

  function end({ id, name }) {
    const deleted = t`You no longer follow “${name}”. Its summaries stay.`;
    deleteSoon(api, `follows/${id}`, { deleted, restored: t`You follow “${name}” again.` });
  }

  show();
  const endListening = onDeletions(show);
  return {
    title: t`Follows`,
    close: endListening,
    element: element(
      "section",
      { class: "page follows-view" },
      element("h1", {}, t`Follow a channel or playlist`),
      element(
        "p",
        { class: "soft" },
        t`Skimlist checks it as often as you choose, and summarizes its new videos.`,
      ),
      adding,
      following,
      empty,
      list,
    ),
  };
}

/** Asks how a pasted source is to be followed, with these settings of its summaries. Returns whether it is followed. */
export async function follow(api, source, settings) {
  if (!(await attempt(() => create(api, source, settings, undefined)))) return false;
  go(places.follows);
  notice(t`New videos will be summarized from now on.`);
  return true;
}

async function create(api, { source, title }, settings, fields) {
  const { max_cost_usd: perRun, select, ...kept } = settings;
  const chosen = await askHowToFollow({
    title: title ? t`Follow “${title}”` : t`Follow this channel or playlist`,
    action: t`Follow`,
    hasReceiver: await hasReceiver(api),
    follow: { max_cost_usd_per_run: perRun, select },
    settings: fields,
  });
  const name = [...(title ?? "")].slice(0, LONGEST_NAME).join("");
  return chosen && attempt(() => createOnce(api, { source, ...kept, ...chosen }, name));
}

/** Whether the user has chosen an address for notifications. */
async function hasReceiver(api) {
  const { email, webhook } = (await api.get("me")).notifications;
  return Boolean(email || webhook);
}

/** Returns fields for the summaries of a new follow, with the choices of the user's last batch. */
async function settingsFields(api, email) {
  const { model, length = "standard", language: before } = lastChoices(email);
  const { fields, read } = await summarySettings(api, { model, summary_length: length });
  const language = summaryLanguage(before);
  return {
    fields: [...fields, language.element],
    read: () => ({ ...read(), options: language.value ? { language: language.value } : {} }),
  };
}

/** Returns the title of a source, or the `problem` for which it cannot be followed; its title may not be known. */
async function describe(api, source) {
  try {
    const [found] = (await api.post("sources/describe", { sources: [source] })).sources;
    if (found.kind === "channel_playlists")
      return { problem: t`This is a page of playlists. Paste a link to one of them, or to the channel.` };
    return { title: found.title, problem: sourceProblem(found) };
  } catch (error) {
    if (error.code === "invalid_request") return { problem: await whyNot(api, source) };
    if (error.code === "too_many_lookups") return { title: null };
    throw error;
  }
}

/** Says what is wrong with a text that leads to no playlist or channel. */
async function whyNot(api, text) {
  const { valid } = await api.post("batch/validate", { text });
  return valid > 0
    ? t`This link leads to a single video. Paste a link to its channel or to a playlist instead.`
    : t`This is not a link to a channel or playlist. Copy one from the address bar of YouTube.`;
}

/** Creates only one follow if a response is lost and its user tries the same again, also if a title is known by then. */
async function createOnce(api, wanted, name) {
  const text = JSON.stringify(wanted);
  if (unanswered?.text !== text) {
    unanswered = { text, body: { ...(name && { name }), ...wanted }, key: crypto.randomUUID() };
  }
  await finishDeletions(); // the same source may be among them
  try {
    const made = await api.post("follows", unanswered.body, { "Idempotency-Key": unanswered.key });
    unanswered = null;
    return made;
  } catch (error) {
    if (!isPassing(error)) unanswered = null;
    throw error;
  }
}

/** Names a follow by what it is, as long as nothing but the id of its source is known. */
function named(follow) {
  const { name, source, created_at: since } = follow;
  if (name !== source.id || name.startsWith("@")) return follow;
  const isPlaylist = source.url.includes("/playlist?");
  return {
    ...follow,
    name: isPlaylist ? t`Playlist, followed since ${day(since)}` : t`Channel, followed since ${day(since)}`,
  };
}

function factsOf(follow) {
  const { max_cost_usd_per_month: most, max_cost_usd_per_run: mostPerCheck, next_look_at: nextCheck } = follow;
  const rows = [
    [t`Checked`, rhythm(follow)],
    nextCheck && [follow.problem ? t`Next try` : t`Next check`, nearTime(nextCheck)],
    [t`Summarized`, userText("span", selectionInWords(follow.select) || t`all new videos`)],
    [t`Last new videos`, lastNews(follow)],
    follow.waiting > 0 && [t`Waiting for captions`, counted(follow.waiting, "batch", "batches")],
    [t`Spent this month`, most ? t`${dollars(follow.month_usd)} of ${dollars(most)}` : dollars(follow.month_usd)],
    mostPerCheck && [t`Budget per check`, dollars(mostPerCheck)],
  ].filter(Boolean);
  return totals(rows);
}

/** Such as `every Friday at 6:30 PM`, by the clock of the reader. */
function rhythm(follow) {
  const { at, weekday } = localSchedule(follow);
  if (!at) return t`every hour`;
  const time = timeOfDay(at);
  return weekday ? t`every ${weekdays()[weekday]} at ${time}` : t`every day at ${time}`;
}

function lastNews({ last_news_at: at, last_batch_id: batchId }) {
  if (!at) return t`none so far`;
  return batchId ? element("a", { href: places.batch(batchId) }, nearTime(at)) : nearTime(at);
}
