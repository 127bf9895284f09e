// The frame around every view: the name, the navigation, the account.

import { button, closeDialogs, element, replaceChildren } from "./dom.js";
import { icon } from "./icons.js";
import { clearNotices } from "./notices.js";
import { places } from "./router.js";
import { chooseLanguage, language, LANGUAGES, t } from "./texts.js";
import { followTheme, isDark, toggleTheme } from "./theme.js";

const ways = () => [
  ["home", t`Batches`, places.home],
  ["history", t`Summaries`, places.history],
  ["follows", t`Follows`, places.follows],
  ["me", t`Settings`, places.me, "sliders"],
];

// The entry of the navigation under which each further view stands.
const SECTIONS = { batch: "home", all: "home", digest: "home", summary: "history", "model-keys": "me" };

/** Lets signed-in users install the page. The manifest is loaded only then, because a first visit does not need it. */
function offerInstallation() {
  if (document.querySelector('link[rel="manifest"]')) return;
  const mark = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));
  const href = mark.href.replace("icon.svg", "manifest.webmanifest");
  document.head.append(element("link", { rel: "manifest", href }));
}

function languageChoice() {
  const choices = Object.entries(LANGUAGES).map(([code, name]) =>
    element("option", { value: code, lang: code, selected: code === language }, name),
  );
  const choose = ({ target }) => chooseLanguage(target.value);
  return element("select", { class: "quiet", "aria-label": t`Language of this page`, onchange: choose }, choices);
}

/** Returns `aria-current` of an entry of the navigation while a view is shown. */
function isCurrent(entry, name) {
  if (entry === name) return "page";
  return entry === SECTIONS[name] ? "true" : "false";
}

export class Shell {
  #session;
  #main = element("main", { id: "main", tabindex: "-1" });
  #ways = ways().map(([name, label, href, mark]) =>
    // Where there is no room for the word, there is only its mark.
    element("a", { href, "data-name": name, title: mark && label }, mark && icon(mark), element("span", {}, label)),
  );
  #theme = button({ class: "quiet icon-only", onclick: toggleTheme });
  #account = element("div", { class: "account" });
  #nav = element(
    "nav",
    { "aria-label": t`Main` },
    this.#ways.slice(0, -1),
    element("span", { class: "last-way" }, this.#ways.at(-1)),
  );

  constructor(session) {
    this.#session = session;
    this.onSignOut = () => {};
    followTheme(() => this.#drawTheme());
    const brand = element(
      "a",
      { class: "brand", href: places.home },
      element("span", { class: "brand-mark", "aria-hidden": "true" }),
      "Skimlist",
    );
    const skip = element(
      "a",
      { class: "skip", href: "#main", onclick: (event) => this.#skip(event) },
      t`Skip to the content`,
    );
    const header = element("header", { class: "top" }, brand, this.#nav, this.#account, this.#theme);
    const footer = element(
      "footer",
      { class: "foot" },
      element("a", { href: "/api/docs" }, t`API documentation`),
      languageChoice(),
    );
    document.getElementById("app")?.replaceChildren(skip, header, this.#main, footer);
  }

  show(view, name) {
    const isIn = this.#session.isOpen && name !== "";
    if (isIn) offerInstallation();
    this.#nav.hidden = !isIn;
    for (const way of this.#ways) way.setAttribute("aria-current", isCurrent(way.dataset.name, name));
    replaceChildren(this.#account, isIn && this.#accountButton());
    closeDialogs();
    clearNotices({ isSignedIn: isIn });
    document.title = view.title ? `${view.title} – Skimlist` : "Skimlist";
    this.#main.replaceChildren(view.element);
    scrollTo(0, 0);
    view.focusOn?.scrollIntoView({ block: "nearest", behavior: "instant" });
    (view.focusOn ?? this.#main).focus({ preventScroll: true });
  }

  #accountButton() {
    const out = button({ class: "quiet", onclick: () => this.onSignOut() }, t`Sign out`);
    return [element("span", { class: "email", title: this.#session.email }, this.#session.email), out];
  }

  #skip(event) {
    event.preventDefault();
    this.#main.focus();
  }

  #drawTheme() {
    replaceChildren(this.#theme, icon(isDark() ? "sun" : "moon"));
    this.#theme.setAttribute("aria-label", isDark() ? t`Switch to light mode` : t`Switch to dark mode`);
  }
}
