// Finds what a summary leaves out of its video.

/**
 * Returns the seconds between which no key point or chapter begins, if that is half of the video or more. Returns null
 * otherwise, also if there are none at all, and if each tenth of the video in which something is said has one.
 */
export function gapIn({ coverage, key_points: found, chapters: parts, duration_seconds: duration }) {
  if (!duration || coverage.tenths >= coverage.tenths_spoken) return null;
  const starts = [...found, ...parts].map((each) => each.start_seconds).filter((start) => start !== null);
  if (!starts.length) return null;
  const moments = [0, ...starts.sort((one, other) => one - other), duration];
  const gaps = moments.slice(1).map((end, index) => [moments[index], end]);
  const longest = gaps.reduce((one, other) => (other[1] - other[0] > one[1] - one[0] ? other : one));
  return longest[1] - longest[0] >= duration / 2 ? longest : null;
}
