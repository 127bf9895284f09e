// What the user follows: when each source is looked at, its budgets, and its last new videos; and following one more.

import { isPassing } from "../api.js";
import { confirm } from "../dialogs.js";
import { button, element, externalLink, replaceChildren, setHidden, userText } from "../dom.js";
import { counted, dollars, join, moment } from "../format.js";
import { attempt, notice, once } from "../notices.js";
import { go, places } from "../router.js";
import { explained, t } from "../texts.js";
import { openFeedLink } from "./feed-link.js";
import { askHowToFollow, rhythms, weekdays } from "./follow-dialog.js";
import { selectionInWords } from "./source-selection.js";

let unanswered = null; // the last request to follow a source, until it is answered

export async function followsView({ api }) {
  const list = element("ul", { class: "follows" });
  const empty = element(
    "p",
    { class: "empty" },
    t`You follow nothing yet. Paste the link to a playlist or channel under Batches and choose Follow.`,
  );
  let follows = (await api.get("follows")).follows;

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
      const changed = await api.patch(`follows/${follow.id}`, changes);
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
    element: element("section", { class: "page follows-view" }, element("h1", {}, t`Follows`), empty, list),
  };
}

/** Asks when `source` is to be looked at, and follows it with these settings of its summaries. Returns whether it did. */
export async function follow(api, source, settings) {
  const { max_cost_usd: perRun, select, ...kept } = settings;
  const before = { max_cost_usd_per_run: perRun, select };
  const chosen = await askHowToFollow({ title: t`Follow`, action: t`Follow`, follow: before });
  if (!chosen) return false;
  if (!(await attempt(() => createOnce(api, { source, ...kept, ...chosen })))) return false;
  go(places.follows);
  notice(t`New videos will be summarized from now on.`);
  return true;
}

/** Creates only one follow if a response is lost and its user tries the same again. */
async function createOnce(api, body) {
  const text = JSON.stringify(body);
  if (unanswered?.text !== text) unanswered = { text, key: crypto.randomUUID() };
  try {
    const made = await api.post("follows", body, { "Idempotency-Key": unanswered.key });
    unanswered = null;
    return made;
  } catch (error) {
    if (!isPassing(error)) unanswered = null;
    throw error;
  }
}

function rhythm({ every, at, weekday, zone }) {
  if (every === "hour") return rhythms().hour;
  const day = every === "week" ? t`Every ${weekdays()[weekday]}` : rhythms().day;
  return t`${day} at ${at} (${zone})`;
}

function budget({ max_cost_usd_per_run: run }) {
  return run && t`at most ${dollars(run)} per check`;
}

function selection({ select }) {
  const words = selectionInWords(select);
  return words ? t`Only some videos: ${words}` : t`All new videos`;
}

function spent({ month_usd: spentNow, max_cost_usd_per_month: most }) {
  return most
    ? t`This month: ${dollars(spentNow)} of at most ${dollars(most)}`
    : t`This month: ${dollars(spentNow)}, no limit`;
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
