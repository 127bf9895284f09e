// How a model gets its key. The page cannot store it, because all users share the keys.

import { copyBlock } from "../copy-block.js";
import { element } from "../dom.js";
import { places } from "../router.js";
import { t, translated } from "../texts.js";
import { crumb } from "./crumb.js";

/** `model` in the address is the alias of the model. */
export async function modelKeysView({ api }, { query }) {
  const { models } = await api.get("models");
  const model = models.find(({ alias, key_parameter: parameter }) => parameter && alias === query.get("model"));
  const title = !model
    ? t`This model needs no key`
    : model.key_configured
      ? t`${translated(model.label)} needs a valid key`
      : t`${translated(model.label)} needs a key`;
  return {
    title,
    element: element(
      "section",
      { class: "page model-keys" },
      crumb(places.me, t`Settings`),
      element("h1", {}, title),
      model && ways(model.key_parameter),
    ),
  };
}

function ways(parameter) {
  return [
    element(
      "p",
      {},
      t`Ask your administrator to store its key, which is a kind of password from the model’s provider. Send them the address of this page:`,
    ),
    copyBlock(location.href),
    element("p", {}, t`Until then, use another model.`),
    element("h2", {}, t`If you are the administrator`),
    onThisComputer(parameter),
    onAws(parameter),
  ];
}

function onThisComputer(parameter) {
  const variable = parameter.split("/").at(-1).replaceAll("-", "_").toUpperCase();
  return way(
    t`Skimlist runs on your computer`,
    getKey(),
    [t`Add this line to the file .env in Skimlist’s folder, with the key in place of the dots:`, copyBlock(`${variable}=…`)],
    t`Start Skimlist again.`,
  );
}

function onAws(parameter) {
  const command = `aws ssm put-parameter --name ${parameter} --type SecureString --overwrite --value …`;
  return way(
    t`Skimlist runs on AWS`,
    getKey(),
    [t`Run this command in a terminal, with the key in place of the dots. Batches use the key from then on.`, copyBlock(command)],
  );
}

function getKey() {
  return t`Get a key from the model’s provider.`;
}

function way(heading, ...steps) {
  return element(
    "details",
    { class: "box" },
    element("summary", {}, heading),
    element(
      "ol",
      {},
      steps.map((step) => element("li", {}, step)),
    ),
  );
}
