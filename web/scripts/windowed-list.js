// A list of any length, which scrolls with the page. Of a long one only the rows in sight exist, so that it stays fast; a
// shorter one is whole, so that the browser's search, a screen reader and a printer miss nothing. Browsers need minutes to
// print thousands of rows. The rows of a whole list follow one another, each as high as its content. Those of a long one are
// equally high: as the style sheet says, or as the highest that was drawn, because some fonts need more room.

import { element } from "./dom.js";

const ROWS_AROUND = 8;
const WHOLE = 100; // rows of a list that is always whole
const SETTLED_MS = 100; // pages that are only scrolled past are not read

export class WindowedList {
  #rows = new Map();
  #count = 0;
  #active = 0;
  #height = Infinity; // of a row of a long list, when it was last drawn
  #highest = 0; // in pixels, of the rows that were drawn since the window got its size
  #mayHaveGrown = false;
  #isDue = false;
  // Sees what only the reader changes: fonts, the size of text, the space between letters and lines.
  #sizes = new ResizeObserver((entries) => {
    if (!entries.some(({ borderBoxSize: [{ blockSize }] }) => blockSize > this.#height)) return;
    this.#mayHaveGrown = true;
    this.#schedule();
  });
  #scrolledAt = 0;
  #settling = 0;

  /**
   * `keyOf(index)` names what stands there, so that a row moves with it; `create()` makes a row `{ element, show(index) }`,
   * where `show` tells whether the row changed; `onRange(first, last)` hears which places are to be loaded.
   */
  constructor({ label, keyOf, create, onRange }) {
    this.keyOf = keyOf;
    this.create = create;
    this.onRange = onRange;
    this.pinned = null; // the key of a row that is kept although it is not visible
    this.element = element("ul", { class: "rows", "aria-label": label });
    this.element.addEventListener("focusin", (event) => this.#remember(event.target));
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.refresh = () => this.#schedule();
    this.onScroll = () => {
      this.#scrolledAt = performance.now();
      this.#schedule();
    };
    addEventListener("scroll", this.onScroll, { passive: true });
    this.onResize = () => {
      this.#setHighest(0);
      this.#mayHaveGrown = true;
      this.#schedule();
    };
    addEventListener("resize", this.onResize, { passive: true });
  }

  close() {
    this.#sizes.disconnect();
    clearTimeout(this.#settling);
    removeEventListener("scroll", this.onScroll);
    removeEventListener("resize", this.onResize);
  }

  get #rowHeight() {
    const style = getComputedStyle(this.element);
    const styled =
      parseFloat(style.getPropertyValue("--row-height")) *
      parseFloat(getComputedStyle(document.documentElement).fontSize);
    return Math.max(styled, this.#highest);
  }

  /** Whether every row exists. */
  get isWhole() {
    return this.#count <= WHOLE;
  }

  get rendered() {
    return this.#rows.size;
  }

  setCount(count) {
    this.#count = count;
    this.#active = Math.max(Math.min(this.#active, count - 1), 0);
    this.#schedule();
  }

  /** Returns the place at a height of the window, between 0 and the last one. */
  indexAt(clientY) {
    const offset = clientY - this.element.getBoundingClientRect().top;
    let index = 0;
    if (this.isWhole) while (index < this.#count - 1 && this.topOf(index + 1) <= offset) index += 1;
    else index = Math.floor(offset / this.#height);
    return Math.max(0, Math.min(this.#count - 1, index));
  }

  /** How many pixels below the beginning of the list the row of a place begins; of the place after the last one, where it ends. */
  topOf(index) {
    if (!this.isWhole) return index * this.#height;
    const row = /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-index="${index}"]`));
    return row ? row.offsetTop : this.element.offsetHeight;
  }

  /** Scrolls a row into view and focuses it. */
  focus(index) {
    if (!this.#count) return;
    this.#active = Math.max(0, Math.min(this.#count - 1, index));
    this.#render(); // with rows of the current height
    this.#reveal(this.#active);
    this.#render();
    this.#rows.get(this.keyOf(this.#active))?.element.focus({ preventScroll: true });
  }

  #reveal(index) {
    const start = this.element.getBoundingClientRect().top;
    const [top, bottom] = [start + this.topOf(index), start + this.topOf(index + 1)];
    const { scrollMarginTop, scrollMarginBottom } = getComputedStyle(this.element.children[0]);
    const [above, below] = [parseFloat(scrollMarginTop), innerHeight - parseFloat(scrollMarginBottom)];
    if (top < above) scrollBy({ top: top - above, behavior: "instant" });
    else if (bottom > below) scrollBy({ top: bottom - below, behavior: "instant" });
  }

  #schedule() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#render();
    });
  }

  #render() {
    if (!this.element.isConnected || !this.element.offsetParent) return;
    const keepPlace = this.#placeKeeper();
    const height = this.isWhole ? Infinity : this.#rowHeight;
    this.element.classList.toggle("is-whole", this.isWhole);
    this.#keepInSight(height);
    const [first, last] = this.#range(height);
    this.#keep(first, last);
    for (let index = first; index <= last; index += 1) this.#place(index, height);
    this.#sort(first, last);
    keepPlace();
    if (this.#grow()) return this.#render();
    if (last >= first) this.#tellRange(first, last);
  }

  /** Returns the first and last place that has a row. */
  #range(height) {
    if (this.isWhole) return [0, this.#count - 1];
    const top = this.element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / height) - ROWS_AROUND);
    return [first, Math.min(this.#count - 1, Math.ceil((innerHeight - top) / height) + ROWS_AROUND)];
  }

  /** Whether a drawn row of a long list is too low for its content. Checked only after a change, because it costs a layout. */
  #grow() {
    if (!this.#mayHaveGrown || this.isWhole) return false;
    this.#mayHaveGrown = false;
    const heights = [...this.#rows.values()].map(({ element: node }) => node.offsetHeight);
    this.#setHighest(Math.max(this.#highest, ...heights));
    return this.#highest > this.#height;
  }

  #setHighest(pixels) {
    this.#highest = pixels;
    this.element.style.setProperty("--highest", `${pixels}px`);
  }

  /**
   * Returns what scrolls the first visible row of a whole list back to its place after rows above it have grown. A
   * browser with `overflow-anchor` keeps it there itself, but Safari has none.
   */
  #placeKeeper() {
    const isWhole = this.isWhole && this.element.classList.contains("is-whole");
    const isKept = getComputedStyle(this.element).getPropertyValue("overflow-anchor") === "auto";
    if (!isWhole || isKept || this.element.getBoundingClientRect().top >= 0) return () => {};
    const rows = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll("[data-index]")]);
    const row = rows.find((each) => each.getBoundingClientRect().top >= 0);
    if (!row) return () => {};
    const before = { index: row.dataset.index, top: row.getBoundingClientRect().top };
    return () => {
      const isMoved = !row.isConnected || row.dataset.index !== before.index; // and is not to be followed
      if (!isMoved) scrollBy({ top: row.getBoundingClientRect().top - before.top, behavior: "instant" });
    };
  }

  /** Keeps the top row of a long list in place when the layout changes the height of rows. */
  #keepInSight(height) {
    const above = -this.element.getBoundingClientRect().top / this.#height;
    this.element.style.height = this.isWhole ? "" : `${this.#count * height}px`;
    if (above > 0 && height !== this.#height && !this.isWhole)
      scrollBy({ top: above * (height - this.#height), behavior: "instant" });
    this.#height = height;
  }

  #tellRange(first, last) {
    clearTimeout(this.#settling);
    const isScrolling = performance.now() - this.#scrolledAt < SETTLED_MS;
    if (isScrolling) this.#settling = setTimeout(() => this.onRange(first, last), SETTLED_MS);
    else this.onRange(first, last);
  }

  #keep(first, last) {
    const wanted = new Set();
    for (let index = first; index <= last; index += 1) wanted.add(this.keyOf(index));
    for (const [key, row] of this.#rows) {
      if (wanted.has(key) || key === this.pinned) continue;
      row.element.remove();
      this.#sizes.unobserve(row.element);
      this.#rows.delete(key);
    }
  }

  #place(index, height) {
    const key = this.keyOf(index);
    let row = this.#rows.get(key);
    if (!row) {
      row = this.create();
      this.#rows.set(key, row);
      this.#sizes.observe(row.element);
    }
    const { element: node } = row;
    if (row.show(index)) this.#mayHaveGrown = true;
    node.dataset.index = index;
    node.style.transform = this.isWhole ? "" : `translateY(${index * height}px)`;
    node.setAttribute("aria-posinset", index + 1);
    node.setAttribute("aria-setsize", this.#count);
    node.tabIndex = index === this.#active ? 0 : -1;
  }

  /** Sorts the rows in the document like the list, so that Tab and screen readers meet them in order. */
  #sort(first, last) {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = this.element.contains(active) ? active : null;
    let next = null;
    for (let index = last; index >= first; index -= 1) {
      const { element: node } = this.#rows.get(this.keyOf(index));
      if (!node.isConnected || node.nextElementSibling !== next) this.element.insertBefore(node, next);
      next = node;
    }
    if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }

  #remember(target) {
    const row = target.closest("[data-index]");
    if (!row) return;
    this.#active = Number(row.dataset.index);
    for (const other of this.element.children) other.tabIndex = other === row ? 0 : -1;
  }

  #onKey(event) {
    if (!event.target.matches("[data-index]") || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((innerHeight * this.#count) / this.element.offsetHeight) - 2);
    const targets = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.#count, End: this.#count };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.focus(this.#active + targets[event.key]);
  }
}
