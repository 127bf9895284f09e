// The user's batches, newest first.

import { batchName } from "../batch-names.js";
import { isMoving } from "../batch-watch.js";
import { isDeleted, onDeletions } from "../deletions.js";
import { button, element, factsLine, userText, replaceChildren, setHidden, setText } from "../dom.js";
import { counted, day, dollars, number } from "../format.js";
import { attempt } from "../notices.js";
import { places } from "../router.js";
import { bar, freeWord, isAtBudget, lacking, statusPill, waitsForNextMonth } from "../status.js";
import { t } from "../texts.js";

const LOOK_MS = 5_000;

export function batchList({ api }) {
  const list = element("ul", { class: "batches" });
  const more = button({ hidden: true, onclick: () => attempt(showMore) }, t`Show more`);
  const empty = element(
    "p",
    { class: "empty", hidden: true },
    t`Your batches will appear here. Paste links to start the first one.`,
  );
  const trouble = element("p", { class: "offline", role: "status", hidden: true });
  const cards = new Map();
  let newest = [];
  let older = []; // once older batches than the newest were requested
  let cursor = null;
  let timer = 0;
  let isClosed = false;

  async function look() {
    clearTimeout(timer);
    const page = await read();
    if (isClosed) return;
    if (page) show(page);
    const isLively = page?.batches.some(isMoving) && !document.hidden;
    timer = setTimeout(look, isLively ? LOOK_MS : 6 * LOOK_MS);
  }

  async function showMore() {
    const page = await api.get(`batch?limit=20&cursor=${encodeURIComponent(cursor)}`);
    older = [...older, ...page.batches];
    cursor = page.next_cursor;
    await look();
  }

  async function read() {
    try {
      const page = await api.get("batch?limit=20");
      setHidden(trouble, true);
      return page;
    } catch (error) {
      setText(trouble, t`${error.message} Trying again in a moment.`);
      setHidden(trouble, false);
      return null;
    }
  }

  function show(page) {
    const known = new Set(page.batches.map((batch) => batch.id));
    const pushedOff = newest.filter((batch) => isBehind(batch, page.batches));
    if (older.length) older = [...pushedOff, ...older].filter((batch) => !known.has(batch.id));
    else cursor = page.next_cursor;
    newest = page.batches;
    draw();
  }

  function draw() {
    const batches = [...newest, ...older].filter(({ id }) => !isDeleted(`batch/${id}`));
    replaceChildren(list, ...batches.map((batch) => cardOf(batch)));
    setHidden(more, cursor === null);
    setHidden(empty, batches.length > 0);
  }

  /** Returns the same element for the same batch, so that the focus stays. */
  function cardOf(batch) {
    const text = JSON.stringify(batch);
    const known = cards.get(batch.id) ?? {
      node: element("li", {}, element("a", { class: "card", href: places.batch(batch.id) })),
    };
    if (known.text !== text) replaceChildren(known.node.firstChild, ...content(batch));
    cards.set(batch.id, { ...known, text });
    return known.node;
  }

  look();
  // Before the first answer there is nothing to draw.
  const endListening = onDeletions(() => newest.length > 0 && draw());
  const close = () => {
    isClosed = true;
    endListening();
    clearTimeout(timer);
  };
  return { element: element("div", {}, trouble, list, more, empty), close };
}

/** Whether newer batches have pushed this one off the first page; a batch that is missing between others was deleted. */
function isBehind(batch, page) {
  return page.length > 0 && batch.id < page.at(-1).id; // ids are sorted by time
}

function content(batch) {
  const { progress, cost, status } = batch;
  // Beside the status of a batch that is done stands how many failed.
  const failed =
    progress.failed > 0 &&
    status !== "completed" &&
    (status === "draft"
      ? counted(progress.failed, "cannot be summarized", "cannot be summarized")
      : t`${number(progress.failed)} failed`);
  const more = isAtBudget(batch) && lacking(batch, batch.pause);
  const facts = factsLine(
    day(batch.created_at),
    counted(progress.total, "video"),
    failed,
    cost.usd > 0 ? dollars(cost.usd) : progress.completed > 0 && freeWord(cost),
    waitsForNextMonth(batch) ? t`too little of this month’s budget left` : more && t`needs at least ${dollars(more)} more`,
  );
  return [
    element("span", { class: "card-head" }, userText("b", batchName(batch)), statusPill(batch)),
    status !== "draft" && bar(progress),
    element("span", { class: "soft" }, facts),
  ];
}
