// Presets: named settings for new batches, stored on the server.

import { ask } from "../dialogs.js";
import { button, element, replaceChildren, setHidden, userText } from "../dom.js";
import { field } from "../fields.js";
import { icon } from "../icons.js";
import { attempt, notice, once, undoable } from "../notices.js";
import { t } from "../texts.js";

/** Chooses, saves and deletes presets. `read()` returns the chosen settings, `apply(settings)` chooses others. */
export function presetChoice(api, { read, apply }) {
  const choice = element("select", { id: "preset", onchange: choose });
  const choosing = element("div", { class: "preset" }, element("label", { for: "preset" }, t`Preset`), choice);
  const remove = button({ class: "quiet icon-only", onclick: once(discard) }, icon("trash"));
  const saving = button({ onclick: once(keep) }, t`Save as preset…`);
  let presets = [];

  async function load() {
    const answer = await api.get("presets").catch(() => ({ presets: [] }));
    show(answer.presets);
  }

  function show(now, chosen = "") {
    presets = now;
    replaceChildren(
      choice,
      element("option", { value: "" }, t`none`),
      ...presets.map(({ name }) => userText("option", name, { value: name })),
    );
    setHidden(choosing, presets.length === 0);
    choice.value = chosen;
    showRemoval();
  }

  function showRemoval() {
    setHidden(remove, !choice.value);
    const label = t`Delete the preset “${choice.value}”`;
    remove.setAttribute("aria-label", label);
    remove.title = label;
  }

  function choose() {
    const preset = presets.find(({ name }) => name === choice.value);
    showRemoval();
    if (preset) apply(preset);
  }

  async function keep() {
    const input = element("input", { dir: "auto", maxlength: 60, required: true, autocomplete: "off", value: choice.value });
    const name = await ask({
      title: t`Save as preset`,
      content: [
        field(t`Name`, t`A preset stores the model, the length and the options, but no links. It replaces a preset of the same name.`, input),
      ],
      action: t`Save the preset`,
      // The name is part of an address, which cannot contain these.
      read: () => input.value.replace(/[/\\?#"`]/g, " ").trim(),
    });
    if (!name) return;
    await attempt(async () => {
      await save(name, read());
      notice(t`“${name}” was saved.`);
    });
  }

  async function discard() {
    const { name, ...kept } = presets.find((preset) => preset.name === choice.value);
    await attempt(async () => {
      await api.delete(addressOf(name));
      show(presets.filter((preset) => preset.name !== name));
      undoable(t`“${name}” was deleted.`, () => attempt(() => save(name, kept)));
    });
  }

  async function save(name, wanted) {
    const kept = await api.put(addressOf(name), wanted);
    const others = presets.filter((preset) => preset.name !== kept.name);
    show(
      [...others, kept].sort((one, other) => one.name.localeCompare(other.name)),
      kept.name,
    );
  }

  show([]);
  load();
  return element("div", { class: "presets" }, choosing, saving, remove);
}

function addressOf(name) {
  return `presets/${encodeURIComponent(name)}`;
}
