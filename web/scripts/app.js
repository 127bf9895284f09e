// Starts the page: finds out who is signed in, and shows the view of the address.

import { Api } from "./api.js";
import { Cognito } from "./cognito.js";
import { finishDeletions } from "./deletions.js";
import { loaded } from "./lazy.js";
import { attempt } from "./notices.js";
import { currentRoute, go, places } from "./router.js";
import { Session } from "./session.js";
import { Shell } from "./shell.js";
import { loadFirstTexts, loadTexts } from "./texts.js";
import { homeView } from "./views/home.js";
import { signInView } from "./views/sign-in.js";
import { notFound, errorView } from "./views/error.js";
import { loadingView } from "./views/loading.js";

// The function that creates each view. All but the first view are separate scripts, loaded on demand.
const VIEWS = {
  home: async () => homeView,
  new: async () => homeView,
  batch: async () => (await import("./views/batch.js")).batchView,
  all: async () => (await import("./views/all-summaries.js")).allSummariesView,
  digest: async () => (await import("./views/digest.js")).digestView,
  history: async () => (await import("./views/history.js")).historyView,
  follows: async () => (await import("./views/follows.js")).followsView,
  me: async () => (await import("./views/me.js")).meView,
  "model-keys": async () => (await import("./views/model-keys.js")).modelKeysView,
  summary: async () => (await import("./views/summary-page.js")).summaryPageView,
};

const LINK = /youtu\.?be/i;

// The notice in index.html stays, which says what is new enough.
if (!CSS.supports("color", "light-dark(#000, #fff)") || !AbortSignal.any) throw new Error("outdated");

const cognito = new Cognito({ client_id: setting("client-id"), cognito_endpoint: setting("cognito-endpoint") });
const session = new Session(cognito);
if (session.isOpen) loadTexts(); // at the same time, because the first view waits for both
await loadFirstTexts();
const api = new Api(session);
const shell = new Shell(session);
// Shared by the views. `left` keeps an unsent form of a new batch until the page is closed. `isFetching` is true while
// a download begins, because the browser first reports it as leaving the page. `pasted` has links for the form.
const app = { api, session, left: /** @type {any} */ (null), isFetching: false, pasted: "" };
let shown = { close() {} };
let turn = 0;
let ended = ""; // the email of a session that has ended by itself

session.onEnd = ({ byUser, email }) => {
  if (byUser) app.left = null;
  else ended = email;
  return show();
};
shell.onSignOut = async () => {
  app.left = null;
  await finishDeletions();
  const ended = session.end();
  go(places.home);
  await show();
  await ended;
};
takeShared();
addEventListener("hashchange", show);
addEventListener("paste", paste);
addEventListener("keydown", offerKeys);
addEventListener("beforeunload", (event) => {
  if (app.left?.isUnsent() && !app.isFetching) event.preventDefault(); // makes the browser ask the user
});
show(); // not awaited: the scripts that it loads wait for the end of this one

/** Reads a setting of this deployment from the document. */
function setting(name) {
  return /** @type {HTMLMetaElement} */ (document.querySelector(`meta[name="${name}"]`)).content;
}

async function show() {
  const route = currentRoute();
  turn += 1;
  const mine = turn;
  const key =
    session.isOpen && route.name !== "sign-in"
      ? [placeOf(route), route.parameters.batchId, route.parameters.summaryId].join()
      : "sign-in";
  if (shown.key === key && shown.update) return shown.update(route);
  if (!shown.key && key !== "sign-in") shell.show(loadingView(), placeOf(route));
  const texts = loadTexts(); // also while somebody signs in
  const view = key === "sign-in" ? signIn(route) : await texts.then(() => load(route));
  if (mine !== turn) return view.close?.();
  shown.close?.();
  shown = Object.assign(view, { key });
  shell.show(view, key === "sign-in" ? "" : placeOf(route));
}

/** Addresses that fill the form belong to the first view. */
function placeOf({ name }) {
  return name === "new" ? "home" : name;
}

/** Takes what another app shares with the installed page, which is in the query of the address. */
function takeShared() {
  const shared = new URLSearchParams(location.search);
  const text = ["url", "text", "title"].map((name) => shared.get(name)).filter(Boolean);
  if (text.length) history.replaceState(null, "", `/${places.new(text.join("\n"))}`);
}

/** Uses links that are pasted anywhere but into a field for a new batch. */
function paste(event) {
  const text = event.clipboardData?.getData("text") ?? "";
  const isElsewhere = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
  if (isElsewhere || !session.isOpen || !LINK.test(text)) return;
  event.preventDefault();
  app.pasted = text;
  if (placeOf(currentRoute()) === "home") show();
  else go(places.home);
}

/** Shows the keyboard shortcuts on `?`, as many apps do, except while somebody types. */
async function offerKeys(event) {
  if (event.key !== "?" || event.target.closest?.("input, textarea, select, dialog")) return;
  event.preventDefault();
  const keys = await attempt(() => loaded(import("./views/keys.js")));
  keys?.showKeys();
}

function signIn(route) {
  const isAsked = route.name === "sign-in";
  const whenDone = () => (isAsked ? go(places.home) : show());
  const before = ended;
  ended = "";
  return signInView({ cognito, session, whenDone, ended: before, given: isAsked ? route.query : new URLSearchParams() });
}

async function load(route) {
  if (!(route.name in VIEWS)) return notFound();
  try {
    const view = await loaded(VIEWS[route.name]());
    return await view(app, route);
  } catch (error) {
    return errorView(error, () => location.reload());
  }
}
