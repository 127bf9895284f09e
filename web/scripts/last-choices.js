// What a user chose for the last batch, kept in this browser: most batches of one person are alike.

const key = (user) => `skimlist.choices.${user}`;

/** An object of what was kept, empty if nothing was or if it cannot be read. */
export function lastChoices(user) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(user)));
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

export function keepChoices(user, choices) {
  try {
    localStorage.setItem(key(user), JSON.stringify(choices));
  } catch {
    // A browser that keeps nothing, or has no room left, is no reason to stop.
  }
}
