// A field for links, which says what each line is while it is written.

import { isPassing } from "./api.js";
import { button, element, replaceChildren, setHidden, setText } from "./dom.js";
import { check, field } from "./fields.js";
import { counted, join, listed, number } from "./format.js";
import { icon } from "./icons.js";
import { linkText } from "./link-files.js";
import { notice } from "./notices.js";
import { t, translated } from "./texts.js";

const PAUSE_MS = 250;
const CHECK_AGAIN_MS = 3_000;
const SLOW_MS = 1_000; // until a check is said to be under way
const LONG_TEXT = 60_000; // from this many characters on, we wait longer for the end of typing
const SHOWN_PROBLEMS = 50;
const MAX_FILE = 200_000_000; // the watch history of years, as Google Takeout exports it
const MARKS = {
  valid: "check",
  playlist: "playlist",
  channel: "playlist",
  duplicate: "equal",
  channel_playlists: "playlist",
  invalid: "cross",
};
const words = () => ({
  valid: t`video`,
  playlist: t`playlist`,
  channel: t`channel`,
  duplicate: t`duplicate`,
  channel_playlists: t`a page of playlists`,
  invalid: t`not valid`,
});
const VIDEO_IN_PLAYLIST = /\b(v=|youtu\.be\/)[^\s,;]*?\blist=/;
const NAMED_LINES = 4;
const YOUTUBE = /youtu/i;
const NOTHING = {
  valid: 0,
  playlists: 0,
  channels: 0,
  channel_playlists: 0,
  duplicates: 0,
  invalid: 0,
  lines: [],
  passed_over: 0,
  passed_over_lines: [],
};
const GRAVITY = ["valid", "playlist", "channel", "duplicate", "channel_playlists", "invalid"];

const TYPED = /^(insertText|insertCompositionText|insertLineBreak|delete|history)/;
const LONGEST_TYPED = 20;

export class LinkCheck {
  #api;
  #about;
  #selectOf;
  #timer = 0;
  #running = new AbortController();
  #isOwed = false; // a check to be made when the text is visible again
  #byLine = new Map();
  #passedOver = new Set(); // numbers of the lines that contain only text
  #text = element("textarea", {
    rows: 4,
    spellcheck: "false",
    autocapitalize: "off",
    placeholder: "youtu.be/…",
    class: "links-text",
  });
  #marks = element("div", { class: "links-marks", "aria-hidden": "true" });
  #lines = 1; // of the text; counted when it changes, because each step of scrolling needs it
  #counts = element("p", { class: "links-counts", role: "status" });
  #whole = element("input", { type: "checkbox", onchange: () => this.#later() });
  #ofPlaylists = element("span", {});
  #wholeBox = check(this.#ofPlaylists, null, this.#whole);
  #unusable = foldedList("links-problems");
  #repeated = foldedList("links-repeated");
  #file = element("input", {
    type: "file",
    accept: ".txt,.csv,.md,.json,.jsonl,.html,.htm,text/*,application/json",
    hidden: true,
    onchange: () => this.#read(this.#file.files),
  });

  /**
   * Calls `onChange(counts)` with every result, and with null while there is none. `about(link)` says what is known of a
   * playlist or channel, and `selectOf(link)` which of its videos are wanted, if that was chosen for it alone.
   */
  constructor(api, { label, hint, onChange, about, selectOf }) {
    this.#api = api;
    this.onChange = onChange;
    this.#about = about;
    this.#selectOf = selectOf;
    const box = element("div", { class: "links-box" });
    const choose = button({ class: "quiet", onclick: () => this.#file.click() }, icon("plus"), t`Add a file of links`);
    this.element = field(label, hint, this.#text);
    this.#text.replaceWith(box);
    box.append(this.#text, this.#marks);
    this.element.append(
      element("div", { class: "links-below" }, this.#counts, choose, this.#file),
      this.#wholeBox,
      this.#unusable,
      this.#repeated,
    );
    this.#wholeBox.hidden = true;
    this.#text.addEventListener("input", (/** @type {InputEvent} */ event) => {
      this.#later();
      // After a paste, a long link at the end would leave the beginnings of all others out of sight.
      if (!isTyped(event)) setTimeout(() => (this.#text.scrollLeft = 0));
    });
    this.#text.addEventListener("scroll", () => this.#draw(), { passive: true });
    box.addEventListener("dragover", (event) => this.#hover(event, box, true));
    box.addEventListener("dragleave", (event) => this.#hover(event, box, false));
    box.addEventListener("drop", (event) => this.#drop(event, box));
    new ResizeObserver(() => this.#seen()).observe(this.#text);
  }

  get lines() {
    return this.#text.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  }

  /** The request to the API: the lines with links, and how to read links to a video of a playlist. */
  get request() {
    const lines = this.#text.value.split("\n").map((line) => line.trim());
    const urls = lines.flatMap((line, index) => this.#entries(line, index + 1));
    return { urls, ...this.#way };
  }

  /** The entries of the request for a line: itself, or each of its links if one has a selection of its own. */
  #entries(text, line) {
    if (!text || this.#passedOver.has(line)) return [];
    const links = this.#byLine.get(line) ?? [];
    if (!links.some((link) => this.#selectOf(link) !== undefined)) return [text];
    return links.map((link) => {
      const select = this.#selectOf(link);
      return select === undefined ? (link.url ?? link.input) : { url: link.url, select };
    });
  }

  get #way() {
    return this.#whole.checked && !this.#wholeBox.hidden ? { whole_playlists: true } : {};
  }

  #later() {
    clearTimeout(this.#timer);
    const texts = this.#text.value.split("\n");
    this.#lines = texts.length;
    const lines = texts.flatMap((text, index) => (VIDEO_IN_PLAYLIST.test(text) ? [index + 1] : []));
    setHidden(this.#wholeBox, !lines.length);
    setText(this.#ofPlaylists, wholeInWords(lines));
    this.#running.abort();
    this.#passedOver.clear();
    this.onChange(null);
    this.#draw();
    this.#timer = setTimeout(() => this.#check(), this.#text.value.length > LONG_TEXT ? 4 * PAUSE_MS : PAUSE_MS);
  }

  async #check() {
    const text = this.#text.value;
    if (!text.trim()) return this.#show(NOTHING);
    this.#running = new AbortController();
    const { signal } = this.#running;
    const slow = setTimeout(() => setText(this.#counts, t`Checking the links …`), SLOW_MS);
    try {
      const { data } = await this.#api.request("POST", "batch/validate", { body: { text, ...this.#way }, signal });
      this.#show(data);
    } catch (error) {
      if (signal.aborted) return;
      setText(this.#counts, t`The links could not be checked: ${error.message}`);
      if (isPassing(error)) this.#timer = setTimeout(() => this.#checkAgain(), CHECK_AGAIN_MS);
    } finally {
      clearTimeout(slow);
    }
  }

  /** Checks again at once, or when the user returns to the view. */
  #checkAgain() {
    this.#isOwed = !this.element.isConnected;
    if (!this.#isOwed) this.#check();
  }

  #seen() {
    this.#draw();
    if (this.#isOwed) this.#checkAgain();
  }

  #show(answer) {
    this.#byLine = Map.groupBy(answer.lines, (link) => link.line);
    this.#passedOver = new Set(answer.passed_over_lines);
    this.#draw();
    setText(this.#counts, sentence(answer));
    const [unusable, repeated] = ["invalid", "duplicate"].map((wanted) => answer.lines.filter(({ status }) => status === wanted));
    this.#list(this.#unusable, unusable, counted(unusable.length, "link cannot be used", "links cannot be used"));
    this.#list(this.#repeated, repeated, counted(repeated.length, "duplicate will be left out", "duplicates will be left out"));
    this.onChange(answer);
  }

  /** Lists links in one of the boxes, with these words above. */
  #list(box, links, words) {
    setHidden(box, !links.length);
    setText(box.firstChild, words);
    const shown = links.slice(0, SHOWN_PROBLEMS);
    replaceChildren(
      box,
      box.firstChild,
      element(
        "ul",
        {},
        shown.map((link) => this.#problem(link)),
        links.length > shown.length && element("li", {}, t`and ${number(links.length - shown.length)} more`),
      ),
    );
  }

  #problem({ line, input, reason, status }) {
    const show = button({ class: "link", onclick: () => this.#select(line) }, t`Line ${number(line)}`);
    return element(
      "li",
      { class: status },
      show,
      " ",
      element("code", { dir: "auto" }, input),
      " ",
      element("span", {}, translated(reason)),
    );
  }

  #select(line) {
    const lines = this.#text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.#text.focus();
    this.#text.setSelectionRange(start, start + (lines[line - 1] ?? "").length); // it may be gone by now
    this.#text.scrollTo(0, (line - 3) * this.#lineHeight);
  }

  get #lineHeight() {
    return parseFloat(getComputedStyle(this.#text).lineHeight);
  }

  /** Draws marks beside the visible lines only. */
  #draw() {
    const [top, height] = [this.#text.scrollTop, this.#lineHeight];
    this.#text.rows = this.#lines; // the height in browsers without `field-sizing`
    const first = Math.max(1, Math.floor(top / height));
    const last = Math.min(this.#lines, Math.ceil((top + this.#text.clientHeight) / height));
    const marks = [];
    for (let line = first; line <= last; line += 1) marks.push(this.#mark(line, (line - 1) * height - top));
    this.#marks.replaceChildren(...marks);
  }

  #mark(line, top) {
    const links = this.#byLine.get(line) ?? [];
    const worst = GRAVITY.findLast((status) => links.some((link) => link.status === status));
    const said = this.#passedOver.has(line) ? t`text` : this.#wordsOf(links, worst);
    return element(
      "div",
      { class: `mark ${worst ?? ""}`, style: { transform: `translateY(${top}px)` } },
      element("span", { class: "mark-number" }, number(line)),
      worst && icon(MARKS[worst]),
      said && element("span", { class: "mark-words" }, said),
    );
  }

  /** Says in two or three words what a line is; the list of problems has the whole reason. */
  #wordsOf(links, worst) {
    if (links.length > 1) return counted(links.length, "link");
    const first = worst === "duplicate" && this.#firstOf(links[0]);
    if (first) return t`duplicate of line ${number(first)}`;
    if (worst === "invalid" && !YOUTUBE.test(links[0].input)) return t`not a YouTube link`;
    return this.#about(links[0] ?? {}) ?? words()[worst];
  }

  /** Shows what is known of the links by now. */
  refresh() {
    this.#draw();
  }

  /** Replaces the line of a link by other lines, or adds them: above a line with other links, at the end without it. */
  replace({ line, input }, others) {
    const lines = this.#text.value.split("\n");
    // The text may have changed since it was checked.
    const index = [line - 1, ...lines.keys()].find((each) => lines[each]?.includes(input)) ?? lines.length;
    const isAlone = index < lines.length && (this.#byLine.get(line) ?? []).length === 1;
    lines.splice(index, isAlone ? 1 : 0, ...others);
    this.#text.value = lines.join("\n");
    this.#later();
  }

  /** Returns the line that has the link of this duplicate; undefined if no line above it does. */
  #firstOf({ url, line }) {
    return [...this.#byLine].find(([above, links]) => above < line && links.some((link) => link.url === url))?.[0];
  }

  #hover(event, box, isOver) {
    event.preventDefault();
    box.classList.toggle("dropping", isOver);
  }

  #drop(event, box) {
    this.#hover(event, box, false);
    const { files } = event.dataTransfer;
    if (files.length) this.#read(files);
    else this.append(event.dataTransfer.getData("text"));
  }

  async #read(files) {
    for (const file of files) {
      if (file.size > MAX_FILE) notice(t`${file.name} is too large to be a list of links.`, { isProblem: true });
      else this.append(linkText(new Uint8Array(await file.arrayBuffer())));
    }
    this.#file.value = "";
  }

  /** Adds lines at the end. */
  append(text) {
    const before = this.#text.value.trimEnd();
    this.#text.value = before ? `${before}\n${text.trim()}\n` : `${text.trim()}\n`;
    this.#later();
  }
}

/** Whether somebody types. The keyboard of a phone inserts what it offers to paste as if it were typed. */
function isTyped({ inputType, data }) {
  return TYPED.test(inputType) && (data ?? "").length <= LONGEST_TYPED;
}

/** Offers the whole playlists instead of the single videos to which these lines lead. */
function wholeInWords(lines) {
  if (lines.length === 1) return t`Add the whole playlist, not only the video in line ${number(lines[0])}`;
  return lines.length <= NAMED_LINES
    ? t`Add the whole playlists, not only the videos in lines ${listed(lines.map(number))}`
    : t`Add the whole playlists, not only the videos in ${number(lines.length)} lines`;
}

function foldedList(look) {
  return element("details", { class: look, hidden: true }, element("summary", { "aria-live": "polite" }));
}

/** Says what will be added; what will be left out is listed below. */
function sentence(counts) {
  const { valid, playlists, channels, channel_playlists: pages, passed_over: passedOver, lines } = counts;
  const parts = [
    valid && (playlists || channels ? counted(valid, "single video") : counted(valid, "video")),
    playlists && counted(playlists, "playlist"),
    channels && counted(channels, "channel"),
    pages && t`${counted(pages, "page of playlists", "pages of playlists")}: choose below which to add`,
    passedOver && t`${counted(passedOver, "line")} of text ignored`,
  ].filter(Boolean);
  return parts.length || lines.length ? join(...parts) : t`Nothing pasted yet.`;
}
