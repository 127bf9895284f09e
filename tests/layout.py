"""Looks at the page in other fonts, sizes and spacings than this machine's: nothing sticks out, is cut off or overlaps.

The fonts come with the tests. A reader's own ones are narrower or wider, lower or higher than those of whoever writes a
style sheet, and WCAG lets everybody enlarge and space the text (1.4.4, 1.4.10 and 1.4.12).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Literal

import fontpkg
from playwright.sync_api import Page

Font = Literal["narrow", "wide", "high"]
_FAMILIES: dict[Font, str] = {"narrow": "Archivo Narrow", "wide": "Sora", "high": "Cairo"}
_SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }
"""
_NORMAL_SIZE = 16


@dataclass(frozen=True)
class Reading:
    """How somebody reads the page: the window's width in CSS pixels, the font, the size of text in percent."""

    width: int
    font: Font
    size: int = 100
    is_spaced: bool = False

    def __str__(self) -> str:
        return f"{self.width} px, {self.font} font, {self.size} %{', spaced' if self.is_spaced else ''}"


# Zoomed to 400 %, a window of 1,280 pixels has 320. Four more readings found no planted fault that these miss.
READINGS = (
    Reading(320, "wide"),
    Reading(390, "wide", is_spaced=True),
    Reading(1280, "high", is_spaced=True),
    Reading(1280, "wide", size=200),
)

# Loads the fonts into a document. They are made from bytes, because the page's policy forbids to fetch any.
_LOAD = """(fonts) => Promise.all(Object.entries(fonts).map(async ([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (each) => each.codePointAt(0));
    document.fonts.add(await new FontFace(name, bytes, { weight: "100 900" }).load());
}))"""
_READ = """async ({ name, spaced }) => {
    const sheet = (document.readSheet ??= new CSSStyleSheet());
    sheet.replaceSync(`
        :root { --sans: "${name}" !important; --serif: "${name}" !important }
        code, .links-text { font-family: "${name}" !important }
        ${spaced}
    `);
    document.adoptedStyleSheets = [sheet];
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
}"""

# Lists what is wrong with what is shown now; of a page with a dialog, with the dialog.
_PROBLEMS = """() => {
    const found = [];
    const root = document.documentElement;
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    const scope = dialog ?? document.body;
    const canvas = document.createElement("canvas").getContext("2d");
    const styles = new Map(), heights = new Map();
    const styleOf = (node) => styles.get(node) ?? styles.set(node, getComputedStyle(node)).get(node);
    const words = (node) => node.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
    const called = (node) => `${node.localName}${[...node.classList].map((name) => `.${name}`).join("")}`;
    const tell = (node, what) => found.push(`${called(node)} “${words(node)}” ${what}`);
    const slack = 1.5;
    const inWindow = { left: 0, top: 0, right: root.clientWidth, bottom: innerHeight };
    const EVERY_SIDE = ["left", "right", "top", "bottom"];

    function pathOf(node) {
        const path = [];
        for (let each = node; each && each !== scope.parentElement; each = each.parentElement) path.push(each);
        return path;
    }

    // For screen readers only, or hidden in another way.
    const isSeen = (path) =>
        path[0].checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
        !path.some((each) => styleOf(each).clipPath === "inset(50%)");

    // What stays in place while the page scrolls lies over it.
    const layerOf = (path) => path.find((each) => ["fixed", "sticky"].includes(styleOf(each).position)) ?? scope;

    function inkHeights(style) {
        const key = [style.fontStyle, style.fontWeight, style.fontSize, style.fontFamily].join(" ");
        if (!heights.has(key)) {
            canvas.font = key;
            const measured = canvas.measureText("Ég");
            heights.set(
                key,
                [measured.fontBoundingBoxAscent, measured.actualBoundingBoxAscent, measured.actualBoundingBoxDescent],
            );
        }
        return heights.get(key);
    }

    // Where the letters of a line are, which is less than the room that the font claims.
    function inkOf(line, style) {
        const [toBaseline, above, below] = inkHeights(style);
        const baseline = line.top + toBaseline;
        return { left: line.left, right: line.right, top: baseline - above, bottom: baseline + below };
    }

    // What has a border or a ground shows where it ends; other boxes may be lower than their letters.
    const isDrawn = ({ borderBottomWidth, backgroundColor }) =>
        borderBottomWidth !== "0px" || backgroundColor !== "rgba(0, 0, 0, 0)";

    // Whether a box cuts off what it does not hold in a way that is meant: with an ellipsis, or a title of the strip of
    // chapters, which is not shown at all if it does not fit; the marks of lines scroll with them.
    const isShortening = (box, style) =>
        style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" ||
        box.matches(".part, .piece small, .links-marks");

    // Whether something need not be in what contains it.
    const isPulledOut = ({ marginLeft, marginRight, position }) =>
        parseFloat(marginLeft) < 0 || parseFloat(marginRight) < 0 || ["absolute", "fixed"].includes(position);

    // Follows a line or a control outwards through the boxes that have to hold it; returns what is seen of it, or null.
    function seenOf(node, path, rect) {
        for (const each of path) {
            const style = styleOf(each);
            if (["inline", "contents"].includes(style.display)) continue;
            const box = each.getBoundingClientRect();
            const isClipping = style.overflowX !== "visible" || style.overflowY !== "visible";
            if (["auto", "scroll"].includes(style.overflowY)) {
                if (each.scrollWidth > each.clientWidth + 1) tell(node, `makes ${called(each)} scroll sideways`);
                return rect.top >= box.top - slack && rect.bottom <= box.bottom + slack ? rect : null;
            }
            if (isClipping && isShortening(each, style)) {
                const isBeside = rect.left >= box.right - slack || rect.right <= box.left + slack;
                if (isBeside || rect.top >= box.bottom - slack || each.matches(".links-marks")) return null;
                const [left, right] = [Math.max(rect.left, box.left), Math.min(rect.right, box.right)];
                if (style.textOverflow === "ellipsis") rect = { ...rect, left, right };
            }
            const beyond = sides(rect, box, isClipping || isDrawn(style) ? EVERY_SIDE : ["left", "right"]);
            if (beyond) {
                tell(node, `${isClipping ? "is cut off by" : "sticks out of"} ${called(each)}: ${beyond}`);
                return null;
            }
            if (isPulledOut(style)) break;
        }
        const beyond = sides(rect, inWindow, ["left", "right"]);
        if (beyond) tell(node, `is out of the window: ${beyond}`);
        return beyond ? null : rect;
    }

    // How many pixels something is beyond these sides of a box.
    const sides = (rect, box, names) => names
        .map((side) => [side, Math.round((["left", "top"].includes(side) ? 1 : -1) * (box[side] - rect[side]))])
        .filter(([, pixels]) => pixels > slack).map((each) => each.join(" ")).join(", ");

    function findOverlaps(things) {
        things.sort((one, other) => one.rect.top - other.rect.top);
        things.forEach((one, index) => {
            for (const other of things.slice(index + 1)) {
                if (other.rect.top >= one.rect.bottom - slack) break;
                const isBeside = other.rect.left >= one.rect.right - slack || other.rect.right <= one.rect.left + slack;
                const isLow = Math.min(one.rect.bottom, other.rect.bottom) - other.rect.top <= slack;
                if (isBeside || isLow || one.layer !== other.layer || one.node === other.node) continue;
                if (one.node.contains(other.node) || other.node.contains(one.node)) continue;
                tell(one.node, `overlaps ${called(other.node)} “${words(other.node)}”`);
            }
        });
    }

    const across = root.scrollWidth - root.clientWidth;
    if (across > 0) found.push(`the page is ${across} pixels too wide`);
    const outside = dialog && sides(dialog.getBoundingClientRect(), inWindow, EVERY_SIDE);
    if (outside) tell(dialog, `is out of the window: ${outside}`);

    const lines = [], controls = [];
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const node = text.parentElement, path = pathOf(node);
        if (!text.data.trim() || node.closest(".dot, option, noscript, script, style") || !isSeen(path)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const line of range.getClientRects()) {
            if (!line.width) continue;
            const rect = seenOf(node, path, inkOf(line, styleOf(node)));
            if (rect) lines.push({ node, rect, layer: layerOf(path) });
        }
    }
    for (const node of scope.querySelectorAll("button, input, select, textarea, summary, a.button")) {
        const path = pathOf(node);
        if (!isSeen(path)) continue;
        const rect = node.getBoundingClientRect();
        const around = isPulledOut(styleOf(node)) ? [] : path.slice(1);
        if (seenOf(node, around, rect)) controls.push({ node, rect, layer: layerOf(path) });
    }
    findOverlaps(lines);
    findOverlaps(controls);
    return [...new Set(found)];
}"""

# Gives the focus to everything that can have it, and lists what cuts off the ring around it.
_CUT_RINGS = """() => {
    const found = [], slack = 0.5;
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    const before = document.activeElement;
    const isClipping = ({ overflowX, contentVisibility }) => overflowX !== "visible" || contentVisibility === "auto";
    const controls = (dialog ?? document).querySelectorAll("a[href], button, input, select, textarea, summary");
    for (const node of controls) {
        if (node.matches(":disabled") || !node.checkVisibility({ visibilityProperty: true })) continue;
        node.focus();
        const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(node);
        const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset);
        const box = node.getBoundingClientRect();
        const words = (node.ariaLabel ?? node.textContent).trim().slice(0, 30);
        const name = `${node.localName}.${node.className} “${words}”`;
        if (!node.matches(":focus-visible") || outlineStyle === "none") found.push(`${name} has no ring`);
        const { clientWidth } = document.documentElement;
        const boxes = [["the window", { left: 0, right: clientWidth, top: 0, bottom: innerHeight }]];
        for (let each = node.parentElement; each && each !== document.body; each = each.parentElement) {
            const style = getComputedStyle(each), called = `${each.localName}.${each.className}`;
            if (style.position === "fixed") break;
            if (isClipping(style)) boxes.push([called, each.getBoundingClientRect()]);
        }
        for (const [by, { left, right, top, bottom }] of boxes) {
            const isCut = box.left - reach < left - slack || box.right + reach > right + slack ||
                box.top - reach < top - slack || box.bottom + reach > bottom + slack;
            if (isCut) found.push(`${name}: its ring is cut off by ${by}`);
        }
    }
    before.focus({ preventScroll: true });
    return [...new Set(found)];
}"""


def _load(page: Page) -> None:
    if not page.evaluate("document.fonts.size"):
        page.evaluate(_LOAD, _contents())


@cache
def _contents() -> dict[Font, str]:
    return {
        font: base64.b64encode(fontpkg.path(family).read_bytes()).decode("ascii") for font, family in _FAMILIES.items()
    }


def in_each_font(page: Page) -> Iterator[str]:
    """Shows the page in this machine's font and in each of the others, one after the other."""
    yield "this machine's font"
    _load(page)
    with _restored(page):
        for font in _FAMILIES:
            page.evaluate(_READ, {"name": font, "spaced": ""})
            yield f"{font} font"


def layout_problems(page: Page, readings: Sequence[Reading] = READINGS) -> list[str]:
    """Returns what is wrong with the layout of what the page shows now, for each of the readings."""
    _load(page)
    with _restored(page):
        return [f"{reading}: {problem}" for reading in readings for problem in _problems(page, reading)]


def cut_off_rings(page: Page) -> list[str]:
    """Returns what would not be seen whole of the rings around what has the focus, if keys moved it."""
    page.keyboard.press("Shift")  # from now on the browser shows rings
    cut: list[str] = page.evaluate(_CUT_RINGS)
    return cut


def _problems(page: Page, reading: Reading) -> list[str]:
    page.set_viewport_size({"width": reading.width, "height": 800})
    spaced = _SPACED if reading.is_spaced else ""
    with _enlarged(page, reading.size) if reading.size != 100 else nullcontext():
        page.evaluate(_READ, {"name": reading.font, "spaced": spaced})
        problems: list[str] = page.evaluate(_PROBLEMS)
    return problems


@contextmanager
def _restored(page: Page) -> Iterator[None]:
    viewport = page.viewport_size
    assert viewport
    yield
    page.set_viewport_size(viewport)
    page.evaluate("() => { document.adoptedStyleSheets = []; dispatchEvent(new Event('resize')) }")


@contextmanager
def _enlarged(page: Page, percent: int) -> Iterator[None]:
    """Sets the size of text as a reader does in the browser's settings."""
    session = page.context.new_cdp_session(page)

    def set_size(size: int) -> None:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})

    set_size(_NORMAL_SIZE * percent // 100)
    yield
    set_size(_NORMAL_SIZE)
    session.detach()
