// The only place that creates elements. Text is always text: nothing here accepts markup.

const SVG = "http://www.w3.org/2000/svg";
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const SAFE_ADDRESS = /^(https?:|blob:|#|\/)/;

/** element("a", { href, class: "x", onclick: f, "aria-label": "…" }, "text", child, [more], null) */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...present(children));
  return node;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "style")
    for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
  else if (name === "value") node.value = value;
  else if (name === "href" && !SAFE_ADDRESS.test(value)) return;
  else node.setAttribute(name, value === true ? "" : value);
}

/** Replaces the children of `node`; a child that stays is not touched, and so keeps the focus. */
export function replaceChildren(node, ...children) {
  const wanted = present(children);
  const kept = new Set(wanted);
  for (const child of [...node.childNodes]) if (!kept.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (node.childNodes[index] !== child) node.insertBefore(toNode(child), node.childNodes[index] ?? null);
  });
}

function toNode(child) {
  return child instanceof Node ? child : document.createTextNode(child);
}

/** Sets the text only if it differs, in order not to disturb screen readers and selections. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/** Text of a video, which may be in any language and direction. */
export function userText(tag, text, attributes = {}) {
  return element(tag, { dir: "auto", ...attributes }, text);
}

/** The direction of a text by its first letter, as dir="auto" finds it, for what is no part of the text. */
export function directionOf(text) {
  const [letter = ""] = /\p{L}/u.exec(text) ?? [];
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

/**
 * Facts in one line, each in its own direction: a date or a number keeps its order beside words from right to left. The dot
 * stays with the fact before it where the line breaks.
 */
export function factsLine(...facts) {
  const dot = () => element("span", { class: "dot" }, "\u00a0·");
  return facts
    .filter(Boolean)
    .flatMap((fact, index, { length }) => [
      index > 0 && " ",
      element("span", { class: "fact" }, element("bdi", {}, fact), index < length - 1 && dot()),
    ]);
}

/** A link that leaves the page, and opens in a new tab. */
export function externalLink(href, attributes, ...children) {
  return element("a", { href, target: "_blank", rel: "noopener noreferrer", ...attributes }, ...children);
}

export function button(attributes, ...children) {
  return element("button", { type: "button", ...attributes }, ...children);
}

/** Text for screen readers only. */
export function visuallyHidden(text) {
  return element("span", { class: "visually-hidden" }, text);
}

/** Closes the dialogs of a view that is left. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

/** A table with a row for each `[name, value]`. */
export function totals(rows) {
  return element(
    "table",
    { class: "totals" },
    element(
      "tbody",
      {},
      rows.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value))),
    ),
  );
}
