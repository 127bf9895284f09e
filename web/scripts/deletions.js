// What is deleted in a moment: as long as Undo is offered, nothing is deleted yet.

import { attempt, notice, undoable } from "./notices.js";
import { t } from "./texts.js";

const waiting = new Map(); // what carries the deletion out, by its path in the API
const listeners = new Set();

/** Whether what has this path is shown no more. */
export function isBeingDeleted(path) {
  return waiting.has(path);
}

/** `listener` hears of every change; the result ends that. */
export function onDeletions(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `deleted` is said at once, and `restored` after an Undo. */
export function deleteSoon(api, path, { deleted, restored }) {
  const told = undoable(
    deleted,
    () => {
      forget(path);
      notice(restored);
    },
    () => carryOut(path),
  );
  waiting.set(path, async (request) => {
    told.close(); // it is too late for an Undo
    await attempt(() => api.request("DELETE", path, request));
  });
  tell();
}

/** Carries out what waits, before something depends on it, the page is left or its user signs out. */
export async function finishDeletions(request = {}) {
  await Promise.all([...waiting.keys()].map((path) => carryOut(path, request)));
}

async function carryOut(path, request = {}) {
  const act = waiting.get(path);
  if (!act) return;
  await act(request);
  forget(path);
}

function forget(path) {
  waiting.delete(path);
  tell();
}

function tell() {
  for (const listener of listeners) listener();
}

// A request of a page that is being left is finished by the browser.
addEventListener("pagehide", () => finishDeletions({ keepalive: true }));
