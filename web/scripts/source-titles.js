// Titles of pasted playlists and channels, which their batch does not know until it has read them.

const titles = new Map(); // by address

export function keepTitle(url, title) {
  if (title) titles.set(url, title);
}

/** Returns the title; undefined if the source was not described since the page was loaded. */
export function titleOf(url) {
  return titles.get(url);
}
