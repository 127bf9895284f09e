// The note below a statement about details that were not found in the captions.

import { userText } from "../dom.js";

/** `check` is null in summaries that are older than the check of statements. */
export function remark(check) {
  return check?.status === "unverified" && userText("p", check.reason, { class: "remark" });
}
