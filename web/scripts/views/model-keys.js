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
    replaceChildren(ways, onThisComputer(parameter), onAws(parameter));
  }

  if (models.length) show();
  return {
    title: t`Store a model’s key`,
    element: element(
      "section",
      { class: "page model-keys" },
      crumb(places.me, t`Settings`),
      element("h1", {}, t`Store a model’s key`),
      element("p", { class: "soft" }, t`The model’s provider issues the key. All users of this Skimlist share it, so only its administrator can store it.`),
      models.length ? field(t`Model`, "", choice) : element("p", {}, t`None of the models offered here needs a key.`),
      ways,
    ),
  };
}

function onThisComputer(parameter) {
  const variable = parameter.split("/").at(-1).replaceAll("-", "_").toUpperCase();
  return way(
    t`If Skimlist runs on your computer`,
    t`Add this line to the file .env in Skimlist’s folder, with the key in place of the dots:`,
    `${variable}=…`,
    t`Then start Skimlist again.`,
  );
}

function onAws(parameter) {
  return way(
    t`If Skimlist runs on AWS`,
    t`Run this command with the key in place of the dots, or send it to your administrator:`,
    `aws ssm put-parameter --name ${parameter} --type SecureString --overwrite --value …`,
    t`Batches use the key from then on.`,
  );
}

function way(heading, before, text, after) {
  return element(
    "section",
    { class: "box" },
    element("h2", {}, heading),
    element("p", {}, before),
    copyBlock(text),
    element("p", {}, after),
  );
}
