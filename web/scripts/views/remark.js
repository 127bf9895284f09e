// What was not found in the captions stands below the statement that mentions it.

import { userText } from "../dom.js";

/** `check` is null in a summary from before statements were checked. */
export function remark(check) {
  return check?.status === "unverified" && userText("p", check.reason, { class: "remark" });
}
