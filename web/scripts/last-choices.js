// Stores a user's choices for the last batch in this browser, because most batches of one person are alike.

const key = (user) => `skimlist.choices.${user}`;

/** Returns the stored choices; an empty object if there are none or they cannot be read. */
export function lastChoices(user) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(user)) ?? "null");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

export function keepChoices(user, choices) {
  try {
    localStorage.setItem(key(user), JSON.stringify(choices));
  } catch {
    // A browser that stores nothing, or has no room left, is no reason to fail.
  }
}
