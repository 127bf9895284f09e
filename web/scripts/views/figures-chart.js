// A small chart of the time and cost of each video. If there are many, each bar stands for a part of the queue.

import { element, replaceChildren, setHidden, svg } from "../dom.js";
import { dollars, fineSpan } from "../format.js";
import { t } from "../texts.js";

const MAX_BARS = 60;
const WIDEST_BAR = 24;
const [WIDTH, HEIGHT] = [320, 64];

export function figuresChart(context) {
  const content = element("div", { class: "chart" });
  const details = element(
    "details",
    {},
    element("summary", {}, element("h2", {}, t`Time and cost of each video`)),
    content,
  );
  const root = element("section", { class: "box", hidden: true }, details);
  let drawn = -1;
  let batch = null;

  details.addEventListener("toggle", draw);

  function show(now) {
    batch = now;
    setHidden(root, now.progress.completed === 0);
    draw();
  }

  async function draw() {
    if (!details.open || drawn === batch.progress.completed) return;
    drawn = batch.progress.completed;
    const items = (await context.readItems()).filter((item) => item.status === "completed");
    if (!items.length) return;
    const isFree = items.every((item) => item.cost_usd === 0);
    const cost = isFree
      ? element("p", { class: "soft" }, t`Cost: none.`)
      : chart(t`Cost`, items, (item) => item.cost_usd, dollars);
    replaceChildren(
      content,
      chart(t`Time`, items, (item) => item.processing_time_seconds ?? 0, fineSpan),
      cost,
    );
  }

  return { element: root, show };
}

function chart(name, items, valueOf, say) {
  const groups = grouped(items);
  const values = groups.map((group) => group.reduce((sum, item) => sum + valueOf(item), 0) / group.length);
  const top = Math.max(...values);
  const all = items.map(valueOf).sort((one, other) => one - other);
  const total = all.reduce((sum, value) => sum + value, 0);
  const words = t`${name}: ${say(total)} in total, ${say(all[Math.floor(all.length / 2)])} in the median, ${say(all.at(-1))} at most.`;
  const step = Math.min(WIDTH / values.length, WIDEST_BAR);
  const bars = values.map((value, index) => {
    const height = top ? Math.max((HEIGHT * value) / top, 1) : 1;
    return svg(
      "rect",
      {
        x: (index * step).toFixed(2),
        y: (HEIGHT - height).toFixed(2),
        width: Math.max(step - Math.min(2, step / 4), 0.5).toFixed(2),
        height: height.toFixed(2),
      },
      svg("title", {}, `${placeOf(groups[index])}: ${say(value)}`),
    );
  });
  return element(
    "figure",
    {},
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words }, bars),
    element("figcaption", {}, words),
  );
}

function grouped(items) {
  const size = Math.ceil(items.length / MAX_BARS);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function placeOf(group) {
  return group.length === 1
    ? `${group[0].position}. ${group[0].title}`
    : t`Videos ${group[0].position} to ${group.at(-1).position}, on average`;
}
