// What is wrong with a playlist or channel, by its description.

import { translated } from "./texts.js";

const ABOUT_THE_SOURCE = /^(playlist|channel)_/;

/** Returns why a source cannot be read; null if it can, or if that is not certain. */
export function sourceProblem(found) {
  const error = found?.error;
  return error && ABOUT_THE_SOURCE.test(error.code) ? translated(error.message) : null;
}
