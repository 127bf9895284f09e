// What to do about a problem. What only helps whoever runs the deployment is folded.

import { element } from "../dom.js";
import { adviceParts, t } from "../texts.js";

/** `more` is one more sentence, or nothing. */
export function advicePart(advice, more) {
  const [plain, technical] = adviceParts(advice);
  return [
    element("p", {}, [plain, more].filter(Boolean).join(" ")),
    technical && element("details", { class: "soft" }, element("summary", {}, t`Details`), element("p", {}, technical)),
  ];
}
