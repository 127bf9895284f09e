// Drags a row of a windowed list to another place, with the mouse, a pen or a finger.

import { element } from "./dom.js";

const EDGE = 90;
const FASTEST = 22;

/** Calls `onDrop(from, to)` when a row is dropped at another place. Escape and a lost pointer change nothing. */
export function enableDragging(list, onDrop) {
  list.element.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".handle");
    const row = handle?.closest("[data-index]");
    if (row && event.button === 0) new Drag(list, row, event, onDrop);
  });
}

class Drag {
  frame = 0; // the number of the next one

  constructor(list, row, event, onDrop) {
    event.preventDefault();
    const { clientY: y } = event;
    this.list = list;
    this.row = row;
    this.onDrop = onDrop;
    this.y = y;
    this.gripped = y;
    this.from = Number(row.dataset.index);
    this.to = this.from;
    this.grip = y - row.getBoundingClientRect().top;
    this.handle = event.target.closest(".handle");
    this.place = element("li", { class: "drop-place", role: "presentation" });
    this.ghost = row.cloneNode(true);
    this.ghost.className += " ghost";
    this.ghost.inert = true;
    delete this.ghost.dataset.index;
    list.pinned = list.keyOf(this.from); // a pointer is lost with the row that holds it
    list.element.prepend(this.place, this.ghost); // the rows are at the end of the list, in their order
    row.classList.add("lifted");
    this.handle.setPointerCapture(event.pointerId);
    this.listeners = [
      [this.handle, "pointermove", (moved) => (this.y = moved.clientY)],
      [this.handle, "pointerup", (up) => this.drop(up.clientY)],
      [this.handle, "pointercancel", () => this.end(false)],
      [window, "keydown", (key) => key.key === "Escape" && this.end(false)],
    ];
    for (const [target, name, listener] of this.listeners) target.addEventListener(name, listener);
    this.follow();
  }

  follow() {
    this.#scroll();
    const [box, height] = [this.list.element.getBoundingClientRect(), this.ghost.offsetHeight];
    this.to = this.list.indexAt(this.y);
    // Beyond the list, the row would make the page longer, and scrolling would never end.
    const top = Math.max(-height / 2, Math.min(this.y - this.grip - box.top, box.height - height / 2));
    this.ghost.style.transform = `translateY(${top}px)`;
    this.place.style.transform = `translateY(${this.list.topOf(this.to > this.from ? this.to + 1 : this.to)}px)`;
    this.place.hidden = this.to === this.from;
    this.frame = requestAnimationFrame(() => this.follow());
  }

  /** Scrolls at an edge of the window, but not because the row was gripped there. */
  #scroll() {
    const over = this.y < EDGE ? this.y - EDGE : Math.max(0, this.y - (innerHeight - EDGE));
    if (over * (this.y - this.gripped) <= 0) return;
    scrollBy({ top: Math.sign(over) * Math.min(FASTEST, Math.abs(over) / 4), behavior: "instant" });
  }

  /** Uses the place where the row is released; the last frame may be older. */
  drop(y) {
    this.to = this.list.indexAt(y);
    this.end(true);
  }

  end(isDrop) {
    cancelAnimationFrame(this.frame);
    for (const [target, name, listener] of this.listeners) target.removeEventListener(name, listener);
    this.place.remove();
    this.ghost.remove();
    this.row.classList.remove("lifted");
    this.list.pinned = null;
    if (isDrop && this.to !== this.from) this.onDrop(this.from, this.to);
  }
}
