// Batches that are deleted in a moment: as long as Undo is offered, nothing is deleted yet.

import { attempt, notice, undoable } from "./notices.js";
import { t } from "./texts.js";

const waiting = new Map(); // what carries the deletion out, by the batch's id
const listeners = new Set();

/** Whether a batch is shown no more. */
export function isBeingDeleted(id) {
  return waiting.has(id);
}

/** `listener` hears of every change; the result ends that. */
export function onDeletions(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function deleteSoon(api, { id, name }) {
  waiting.set(id, (request) => attempt(() => api.request("DELETE", `batch/${id}`, request)));
  undoable(
    t`“${name}” was deleted.`,
    () => {
      forget(id);
      notice(t`“${name}” was restored.`);
    },
    () => carryOut(id),
  );
  tell();
}

/** Carries out what waits, before the page is left or its user signs out. */
export async function finishDeletions(request = {}) {
  await Promise.all([...waiting.keys()].map((id) => carryOut(id, request)));
}

async function carryOut(id, request = {}) {
  const act = waiting.get(id);
  if (!act) return;
  await act(request);
  forget(id);
}

function forget(id) {
  waiting.delete(id);
  tell();
}

function tell() {
  for (const listener of listeners) listener();
}

// A request of a page that is being left is finished by the browser.
addEventListener("pagehide", () => finishDeletions({ keepalive: true }));
