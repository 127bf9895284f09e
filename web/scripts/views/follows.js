// What the user follows: when each source is looked at, its budgets, and its last new videos; and following one more.

import { isPassing } from "../api.js";
import { confirm } from "../dialogs.js";
import { button, element, externalLink, replaceChildren, setHidden, setText, userText } from "../dom.js";
import { field } from "../fields.js";
import { counted, day, dollars, join, moment, timeOfDay } from "../format.js";
import { lastChoices } from "../last-choices.js";
import { attempt, notice, once } from "../notices.js";
import { go, places } from "../router.js";
import { sourceProblem } from "../source-problem.js";
import { summarySettings } from "../summary-settings.js";
import { explained, t } from "../texts.js";
import { summaryLanguage } from "./caption-options.js";
import { openFeedLink } from "./feed-link.js";
import { askHowToFollow, rhythms, weekdays } from "./follow-dialog.js";
import { selectionInWords } from "./source-selection.js";

const LONGEST_NAME = 200;

let unanswered = null; // the last request to follow a source, until it is answered

export async function followsView({ api, session }) {
  const list = element("ul", { class: "follows" });
  const empty = element("p", { class: "empty" }, t`You follow nothing yet.`);
  const link = element("input", {
    required: true,
    maxlength: 2000,
    autocomplete: "off",
    placeholder: "https://www.youtube.com/@…",
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
      t`Follow a playlist or channel`,
      t`Paste its link. You choose next how often it is checked.`,
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
    replaceChildren(list, ...follows.map(card));
    setHidden(empty, follows.length > 0);
  }

  function card(follow) {
    const isPaused = follow.status === "paused";
    return element(
      "li",
      { class: "box" },
      element("h2", {}, externalLink(follow.source.url, { dir: "auto" }, follow.name)),
      element("p", {}, join(isPaused ? t`Paused` : rhythm(follow), budget(follow))),
      userText("p", selection(follow)),
      element("p", {}, spent(follow)),
      follow.problem && element("p", { class: "problem-text" }, explained(follow.problem)),
      element("p", { class: "soft" }, join(next(follow), waiting(follow), news(follow))),
      follow.last_batch_id &&
        element("a", { href: places.batch(follow.last_batch_id) }, userText("span", t`Show the latest videos`)),
      element(
        "div",
        { class: "actions" },
        button({ onclick: once(() => change(follow)) }, t`Change`),
        button(
          { class: "quiet", onclick: once(() => patch(follow, { status: isPaused ? "active" : "paused" })) },
          isPaused ? t`Resume` : t`Pause`,
        ),
        button({ class: "quiet", onclick: () => openFeedLink(api, follow, (since) => keep(follow, since)) }, t`Feed`),
        button({ class: "quiet", onclick: once(() => end(follow)) }, t`Stop following`),
      ),
    );
  }

  async function change(follow) {
    const wanted = await askHowToFollow({ title: follow.name, action: t`Save`, follow });
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

  async function end(follow) {
    const text = t`“${follow.name}” will no longer be checked for new videos. Its batches stay as they are.`;
    if (!(await confirm({ title: t`Stop following?`, text, action: t`Stop following`, isDangerous: true }))) return;
    await attempt(async () => {
      await api.delete(`follows/${follow.id}`);
      follows = follows.filter((each) => each.id !== follow.id);
      show();
      notice(t`You no longer follow “${follow.name}”.`);
    });
  }

  show();
  return {
    title: t`Follows`,
    element: element(
      "section",
      { class: "page follows-view" },
      element("h1", {}, t`Follows`),
      element(
        "p",
        { class: "soft" },
        t`Skimlist checks the playlists and channels that you follow, and summarizes their new videos.`,
      ),
      adding,
      empty,
      list,
    ),
  };
}

/** Asks how a pasted source is to be followed, with these settings of its summaries. Returns whether it is followed. */
export async function follow(api, source, settings) {
  if (!(await create(api, source, settings, undefined))) return false;
  go(places.follows);
  notice(t`New videos will be summarized from now on.`);
  return true;
}

async function create(api, { source, title }, settings, fields) {
  const { max_cost_usd: perRun, select, ...kept } = settings;
  const chosen = await askHowToFollow({
    title: title ? t`Follow “${title}”` : t`Follow`,
    action: t`Follow`,
    follow: { max_cost_usd_per_run: perRun, select },
    settings: fields,
  });
  const name = [...(title ?? "")].slice(0, LONGEST_NAME).join("");
  return chosen && attempt(() => createOnce(api, { source, ...kept, ...chosen }, name));
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
      return { problem: t`This is a page of playlists. Paste the link of one of them, or of their channel.` };
    return { title: found.title, problem: sourceProblem(found) };
  } catch (error) {
    if (error.code === "invalid_request") return { problem: t`This is not a link to a playlist or channel.` };
    if (error.code === "too_many_lookups") return { title: null };
    throw error;
  }
}

/** Creates only one follow if a response is lost and its user tries the same again, also if a title is known by then. */
async function createOnce(api, wanted, name) {
  const text = JSON.stringify(wanted);
  if (unanswered?.text !== text) {
    unanswered = { text, body: { ...(name && { name }), ...wanted }, key: crypto.randomUUID() };
  }
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

function rhythm({ every, at, weekday, zone }) {
  if (every === "hour") return rhythms().hour;
  const days = every === "week" ? t`Every ${weekdays()[weekday]}` : rhythms().day;
  const isHere = zone === Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isHere ? t`${days} at ${timeOfDay(at)}` : t`${days} at ${timeOfDay(at)} (${zone})`;
}

function budget({ max_cost_usd_per_run: run }) {
  return run && t`at most ${dollars(run)} per check`;
}

function selection({ select }) {
  const words = selectionInWords(select);
  return words ? t`Only videos that match: ${words}` : t`All new videos`;
}

function spent({ month_usd: spentNow, max_cost_usd_per_month: most }) {
  return most
    ? t`Spent this month: ${dollars(spentNow)} of ${dollars(most)}`
    : t`Spent this month: ${dollars(spentNow)} (no limit)`;
}

function next({ next_look_at: at }) {
  return at && t`Next check: ${moment(at)}`;
}

function waiting({ waiting: amount }) {
  return amount > 0 && t`Waiting for captions: ${counted(amount, "batch", "batches")}`;
}

function news({ last_news_at: at }) {
  return at ? t`Latest videos: ${moment(at)}` : t`Nothing new so far`;
}
