// Presets: named settings for new batches, stored on the server.

import { ask, confirm } from "../dialogs.js";
import { button, element, replaceChildren, setHidden } from "../dom.js";
import { field } from "../fields.js";
import { icon } from "../icons.js";
import { attempt, notice, once } from "../notices.js";
import { t } from "../texts.js";

/** `read()` returns the chosen settings, `apply(settings)` chooses others. */
export function presetChoice(api, { read, apply }) {
  const choice = element("select", { "aria-label": t`Preset`, onchange: choose });
  const remove = button(
    {
      class: "quiet icon-only",
      "aria-label": t`Delete the preset`,
      title: t`Delete the preset`,
      onclick: once(discard),
    },
    icon("trash"),
  );
  const save = button({ class: "quiet", onclick: once(keep) }, t`Save as preset`);
  let presets = [];

  async function load() {
    const answer = await api.get("presets").catch(() => ({ presets: [] }));
    show(answer.presets);
  }

  function show(now, chosen = "") {
    presets = now;
    replaceChildren(
      choice,
      element("option", { value: "" }, t`Choose a preset`),
      ...presets.map(({ name }) => element("option", { value: name }, name)),
    );
    setHidden(choice, presets.length === 0);
    choice.value = chosen;
    setHidden(remove, !chosen);
  }

  function choose() {
    const preset = presets.find(({ name }) => name === choice.value);
    setHidden(remove, !preset);
    if (preset) apply(preset);
  }

  async function keep() {
    const input = element("input", { maxlength: 60, required: true, autocomplete: "off", value: choice.value });
    const name = await ask({
      title: t`Save as preset`,
      content: [
        field(t`Name`, t`Model, length and options are kept, not the links. The same name replaces a preset.`, input),
      ],
      action: t`Save`,
      // The name is part of an address, which cannot contain these.
      read: () => input.value.replace(/[/\\?#"`]/g, " ").trim(),
    });
    if (!name) return;
    await attempt(async () => {
      const kept = await api.put(addressOf(name), read());
      const others = presets.filter((preset) => preset.name !== kept.name);
      show(
        [...others, kept].sort((one, other) => one.name.localeCompare(other.name)),
        kept.name,
      );
      notice(t`“${kept.name}” is saved.`);
    });
  }

  async function discard() {
    const name = choice.value;
    const text = t`“${name}” is removed from your presets. Batches made with it stay as they are.`;
    if (!(await confirm({ title: t`Delete this preset?`, text, action: t`Delete it`, isDangerous: true }))) return;
    await attempt(async () => {
      await api.delete(addressOf(name));
      show(presets.filter((preset) => preset.name !== name));
    });
  }

  show([]);
  load();
  return element("div", { class: "presets" }, choice, remove, save);
}

function addressOf(name) {
  return `presets/${encodeURIComponent(name)}`;
}
