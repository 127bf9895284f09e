// What is deleted in a moment: as long as Undo is offered, nothing is deleted yet.

import { attempt, notice, undoable } from "./notices.js";
import { t } from "./texts.js";

const waiting = new Map(); // what carries the deletion out, by its path in the API
const hidden = new Set(); // paths of what is being deleted, and of what is gone
const listeners = new Set();

/** Whether what has this path is shown no more. */
export function isDeleted(path) {
  return hidden.has(path);
}

/** `listener` hears of every change; the result ends that. */
export function onDeletions(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `deleted` is said at once, and `restored` after an Undo. */
export function deleteSoon(api, path, { deleted, restored }) {
  const told = undoable(deleted, undo, carryOut);
  let underWay = null;

  function undo() {
    waiting.delete(path);
    restore();
    notice(restored);
  }

  /** Several may ask for it while its request is under way, but it is sent once. */
  function carryOut() {
    underWay ??= send();
    return underWay;
  }

  async function send() {
    told.close(); // it is too late for an Undo
    const isGone = await attempt(() => remove(api, path));
    waiting.delete(path);
    if (!isGone) restore();
  }

  function restore() {
    hidden.delete(path);
    tell();
  }

  waiting.set(path, carryOut);
  hidden.add(path);
  tell();
}

/** Returns true; also if somebody has deleted it before. The browser finishes the request if the page is left meanwhile. */
async function remove(api, path) {
  await api.request("DELETE", path, { keepalive: true }).catch((error) => {
    if (error.status !== 404) throw error;
  });
  return true;
}

/** Carries out what waits, before something depends on it, the page is left or its user signs out. */
export async function finishDeletions() {
  await Promise.all([...waiting.values()].map((carryOut) => carryOut()));
}

function tell() {
  for (const listener of listeners) listener();
}

addEventListener("pagehide", finishDeletions);
