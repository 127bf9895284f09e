// Loads parts of the page on demand.

import { t } from "./texts.js";

/** Returns the exports of `script`; the browser's own errors do not tell people what to do. */
export async function loaded(script) {
  try {
    return await script;
  } catch {
    throw new Error(
      t`This part of the page could not be loaded. Check your internet connection, then reload the page; Skimlist may have been updated.`,
    );
  }
}
