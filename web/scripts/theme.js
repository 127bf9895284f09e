// The light or dark theme: that of the system, unless the user has chosen one.

const KEY = "skimlist.theme";
let listener = () => {};
const system = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  const chosen = localStorage.getItem(KEY);
  return chosen ? chosen === "dark" : system.matches;
}

/** Shows the theme, and calls `onChange` now and whenever it changes. */
export function followTheme(onChange) {
  listener = onChange;
  apply();
}

export function toggleTheme() {
  const wanted = isDark() ? "light" : "dark";
  if ((wanted === "dark") === system.matches) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, wanted);
  apply();
}

function apply() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  listener();
}

system.addEventListener("change", apply);
