// What to do about a problem. A command for a computer is folded, and so is what only helps whoever runs the deployment.

import { copyBlock } from "../copy-block.js";
import { element } from "../dom.js";
import { shellWord } from "../shell-word.js";
import { adviceParts, t } from "../texts.js";

const OUR_PROGRAM = "examples/skimlist_client.py";

/** `before` is a sentence that comes first, or nothing; `session` says for whom a command is completed. */
export function advicePart(session, advice, before = "") {
  const { plain, toRun, command, technical } = adviceParts(advice);
  const isOurs = command.includes(OUR_PROGRAM);
  const details = [
    isOurs &&
      t`The program is part of Skimlist’s source code. It needs Python and the package youtube-transcript-api, and asks for your password.`,
    technical,
  ].filter(Boolean);
  return [
    (before || plain) && element("p", {}, [before, plain].filter(Boolean).join(" ")),
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
