// How an administrator stores a model's key. The page cannot store it, because all users share the keys.

import { copyBlock } from "../copy-block.js";
import { element, replaceChildren } from "../dom.js";
import { field } from "../fields.js";
import { places } from "../router.js";
import { t, translated } from "../texts.js";
import { crumb } from "./crumb.js";

/** `model` in the address is the alias of the model whose key is wanted; without it, the first one that needs a key. */
export async function modelKeysView({ api }, { query }) {
  const models = (await api.get("models")).models.filter((model) => model.key_parameter);
  const wanted = models.find(({ alias }) => alias === query.get("model")) ?? models.find((model) => !model.key_configured);
  const choice = /** @type {HTMLSelectElement} */ (
    element(
      "select",
      { onchange: show },
      models.map((model) => element("option", { value: model.alias, selected: model === wanted }, translated(model.label))),
    )
  );
  const ways = element("div", { class: "ways-to-store" });

  function show() {
    const { key_parameter: parameter } = models.find(({ alias }) => alias === choice.value);
    replaceChildren(ways, bySomebodyElse(), atHome(parameter), onAws(parameter));
  }

  if (models.length) show();
  return {
    title: t`How to store a model’s key`,
    element: element(
      "section",
      { class: "page model-keys" },
      crumb(places.me, t`Settings`),
      element("h1", {}, t`How to store a model’s key`),
      models.length
        ? [field(t`Model`, "", choice), element("p", {}, introduction()), ways]
        : element("p", {}, t`None of the models offered here needs a key.`),
    ),
  };
}

function introduction() {
  return t`To use this model, Skimlist needs a key from its provider. All users share the key, so it is stored where Skimlist runs, not on this page. Which of these applies to you?`;
}

function bySomebodyElse() {
  return way(t`Somebody else runs Skimlist for you`, t`Send them the address of this page, and ask them to store a key.`);
}

function atHome(parameter) {
  const variable = parameter.split("/").at(-1).replaceAll("-", "_").toUpperCase();
  return way(
    t`You run Skimlist on your computer`,
    getKey(),
    [t`Add this line to the file .env in Skimlist’s folder, with the key in place of the dots:`, copyBlock(`${variable}=…`)],
    t`Start Skimlist again.`,
  );
}

function onAws(parameter) {
  const command = `aws ssm put-parameter --name ${parameter} --type SecureString --overwrite --value …`;
  return way(
    t`You run Skimlist on AWS`,
    getKey(),
    [t`Run this command in a terminal, with the key in place of the dots. Batches use the key from then on.`, copyBlock(command)],
  );
}

function getKey() {
  return t`Get a key from the model’s provider.`;
}

/** One step, or several that are numbered. */
function way(heading, ...steps) {
  const isOne = steps.length === 1;
  return element(
    "section",
    { class: "box" },
    element("h2", {}, heading),
    isOne ? element("p", {}, steps[0]) : element("ol", {}, steps.map((step) => element("li", {}, step))),
  );
}
