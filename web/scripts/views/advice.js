// What to do about a problem. A command for a computer is folded, and so is what only helps whoever runs the deployment.

import { copyBlock } from "../copy-block.js";
import { element } from "../dom.js";
import { moment } from "../format.js";
import { shellWord } from "../shell-word.js";
import { adviceParts, t, translated } from "../texts.js";

const OUR_PROGRAM = "examples/skimlist_client.py";
// Batches that were paused by an earlier version say "by itself".
const WAIT = /^(The batch tries again (automatically|by itself)|Retry( the video)?( in a few minutes| later)?)\.( |$)/;

/** Says when a paused batch tries again by itself, and that nothing needs doing if nothing is advised. */
export function triesAgain({ until, advice }) {
  const at = t`We’ll try again at ${moment(until)}.`;
  return withoutWait(advice) ? at : `${at} ${t`You don’t need to do anything.`}`;
}

/** An advice where it is said when the batch tries again, with a button beside it: without the sentences that say the same. */
export function withoutWait(advice) {
  const shown = translated(advice).replace(t`Then resume or retry the batch.`, "").trim();
  if (!WAIT.test(advice)) return shown;
  const end = shown.indexOf(". ");
  return end < 0 ? "" : shown.slice(end + 2);
}

/** `before` and `after` are sentences around the advice, or nothing; `session` says for whom a command is completed. */
export function advicePart(session, advice, before = "", after = "") {
  const { plain, toRun, command, technical } = adviceParts(advice);
  const isOurs = command.includes(OUR_PROGRAM);
  const details = [
    isOurs &&
      t`The program is part of Skimlist’s source code. It needs Python and the package youtube-transcript-api, and asks for your password.`,
    technical,
  ].filter(Boolean);
  return [
    (before || plain || after) && element("p", {}, [before, plain, after].filter(Boolean).join(" ")),
    (command || details.length > 0) &&
      element(
        "details",
        {},
        element("summary", {}, command ? toRun.replace(/\.$/, "") : t`Details`),
        command && copyBlock(isOurs ? `${command} ${optionsFor(session)}` : command),
        details.map((each) => element("p", { class: "soft" }, each)),
      ),
  ];
}

/** The options of our program that name this installation and its user. */
function optionsFor({ email }) {
  const client = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=client-id]"));
  // Not the whole address: whoever sends a link to the page chooses its query, which may contain commands.
  const [app, clientId, username] = [location.origin, client.content, email].map(shellWord);
  return `--app ${app} --client ${clientId} --username ${username}`;
}
