// Starts the page: who is signed in, which view is shown.

import { Api } from "./api.js";
import { Cognito } from "./cognito.js";
import { currentRoute, go, places } from "./router.js";
import { Session } from "./session.js";
import { Shell } from "./shell.js";
import { notFound, troubleView } from "./views/trouble.js";
import { signInView } from "./views/sign-in.js";

// Each view is loaded when it is first gone to.
const VIEWS = {
  home: () => import("./views/home.js"),
  batch: () => import("./views/batch.js"),
  digest: () => import("./views/digest.js"),
  history: () => import("./views/history.js"),
  summary: () => import("./views/summary-page.js"),
};

const cognito = new Cognito(await config());
const session = new Session(cognito);
const api = new Api(session);
const shell = new Shell(session);
// What the views share: `left` is the form of a new batch as it was left, for as long as this page lives, `isFetching`
// whether a file is on its way, which the browser takes for the page's end until it sees that it is one.
const app = { api, session, left: null, isFetching: false };
let shown = { close() {} };
let turn = 0;

session.onEnd = ({ byUser }) => {
  if (byUser) app.left = null;
  return show();
};
shell.onSignOut = async () => {
  app.left = null;
  const ended = session.end();
  go(places.home);
  await show();
  await ended;
};
addEventListener("hashchange", show);
addEventListener("beforeunload", (event) => {
  if (app.left?.isUnsent() && !app.isFetching) event.preventDefault(); // the browser asks
});
await show();

/** What the page must know of its deployment; without it there is nothing to show. */
async function config() {
  try {
    return await (await fetch(new URL("../config.json", import.meta.url))).json();
  } catch (error) {
    document.getElementById("app").append(troubleView(error, () => location.reload()).element);
    throw error;
  }
}

async function show() {
  const route = currentRoute();
  turn += 1;
  const mine = turn;
  const key =
    session.isOpen && route.name !== "sign-in"
      ? [route.name, route.parameters.batchId, route.parameters.summaryId].join()
      : "sign-in";
  if (shown.key === key && shown.update) return shown.update(route);
  const view = key === "sign-in" ? signIn(route) : await load(route);
  if (mine !== turn) return view.close?.();
  shown.close?.();
  shown = Object.assign(view, { key });
  shell.show(view, key === "sign-in" ? "" : route.name);
}

function signIn(route) {
  const isAsked = route.name === "sign-in";
  const whenDone = () => (isAsked ? go(places.home) : show());
  return signInView({ cognito, session, whenDone, given: isAsked ? route.query : new URLSearchParams() });
}

async function load(route) {
  if (!(route.name in VIEWS)) return notFound();
  try {
    const { view } = await VIEWS[route.name]();
    return view(app, route);
  } catch (error) {
    return troubleView(error, () => location.reload());
  }
}
