// Parts of the page that are loaded when somebody needs them.

import { t } from "./texts.js";

/** What `script` brings; of a failure a browser says nothing that tells people what to do. */
export async function loaded(script) {
  try {
    return await script;
  } catch {
    throw new Error(
      t`This part of the page could not be loaded. Check your connection and reload the page; it may have been updated meanwhile.`,
    );
  }
}
