// The address after `#` decides which view is shown, so that every view can be linked to and returned to.

/** @type {[RegExp, string, string[]][]} */
const ROUTES = [
  [/^\/$/, "home", []],
  [/^\/new$/, "new", []],
  [/^\/sign-in$/, "sign-in", []],
  [/^\/batch\/([\w-]+)$/, "batch", ["batchId"]],
  [/^\/batch\/([\w-]+)\/digest$/, "digest", ["batchId"]],
  [/^\/batch\/([\w-]+)\/video\/(\w+)$/, "batch", ["batchId", "itemId"]],
  [/^\/batch\/([\w-]+)\/all$/, "all", ["batchId"]],
  [/^\/history$/, "history", []],
  [/^\/follows$/, "follows", []],
  [/^\/me$/, "me", []],
  [/^\/model-keys$/, "model-keys", []],
  [/^\/summary\/([\w-]+)$/, "summary", ["summaryId"]],
];

/** Returns `{ name, parameters, query }` of the current address; the name is "nowhere" if there is no such view. */
export function currentRoute() {
  const [path, query = ""] = (location.hash.slice(1) || "/").split("?");
  for (const [pattern, name, names] of ROUTES) {
    const found = pattern.exec(path);
    if (found) {
      const parameters = Object.fromEntries(names.map((each, index) => [each, found[index + 1]]));
      return { name, parameters, query: new URLSearchParams(query) };
    }
  }
  return { name: "nowhere", parameters: {}, query: new URLSearchParams() };
}

export function go(address) {
  location.hash = address;
}

/** Changes the address without showing another view. */
export function rewrite(address) {
  history.replaceState(null, "", address);
}

export const places = {
  home: "#/",
  new: (urls) => `#/new?${new URLSearchParams({ urls })}`,
  moreOf: (channelId) => places.new(`https://www.youtube.com/channel/${channelId}`),
  history: "#/history",
  follows: "#/follows",
  me: "#/me",
  modelKeys: (alias) => `#/model-keys?${new URLSearchParams({ model: alias })}`,
  batch: (id, query = "") => `#/batch/${id}${query}`,
  all: (id, query = "") => `#/batch/${id}/all${query}`,
  digest: (id) => `#/batch/${id}/digest`,
  video: (id, itemId, query = "") => `#/batch/${id}/video/${itemId}${query}`,
  summary: (id, query = "") => `#/summary/${id}${query}`,
};
