// Presets: named settings for new batches, stored on the server.

import { ask } from "../dialogs.js";
import { button, element, replaceChildren, setHidden, userText } from "../dom.js";
import { field } from "../fields.js";
import { icon } from "../icons.js";
import { attempt, notice, once, undoable } from "../notices.js";
import { t } from "../texts.js";

/**
 * Chooses, saves and deletes presets. `read()` returns the chosen settings, `apply(settings)` chooses others; `compare()`, after
 * any change of the settings, shows that they are no longer those of the preset.
 */
export function presetChoice(api, { read, apply }) {
  const choice = element("select", { id: "preset", onchange: choose });
  const choosing = element("div", { class: "preset" }, element("label", { for: "preset" }, t`Preset`), choice);
  const remove = button({ class: "quiet icon-only", onclick: once(discard) }, icon("trash"));
  const saving = button({ onclick: once(keep) }, t`Save as preset…`);
  let presets = [];
  let chosen = null; // the settings of the chosen preset as `text`, and those `before` it

  async function load() {
    const answer = await api.get("presets").catch(() => ({ presets: [] }));
    show(answer.presets);
  }

  function show(now, name = "") {
    presets = now;
    replaceChildren(
      choice,
      element("option", { value: "" }, t`none`),
      ...presets.map(({ name }) => userText("option", name, { value: name })),
    );
    setHidden(choosing, presets.length === 0);
    settle(name);
  }

  /** Shows that the settings are those of a preset, which replaced `before`; of none if the name is empty. */
  function settle(name, before = null) {
    const now = name ? read() : null;
    chosen = now && { text: JSON.stringify(now), before: before ?? now };
    choice.value = name;
    setHidden(remove, !name);
    const label = t`Delete the preset “${name}”`;
    remove.setAttribute("aria-label", label);
    remove.title = label;
  }

  function choose() {
    const name = choice.value;
    const before = chosen?.before ?? read();
    apply(presets.find((preset) => preset.name === name) ?? before);
    settle(name, before);
  }

  function compare() {
    if (chosen && !isNow(chosen.text)) settle("");
  }

  function isNow(text) {
    return text === JSON.stringify(read());
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
    const { text } = chosen;
    const { name, ...kept } = presets.find((preset) => preset.name === choice.value);
    await attempt(async () => {
      await api.delete(addressOf(name));
      show(presets.filter((preset) => preset.name !== name));
      undoable(t`“${name}” was deleted.`, () => attempt(() => save(name, kept, text)));
    });
  }

  /** `text` are the settings of the form that are the preset's; if they still are, it is chosen. */
  async function save(name, wanted, text = JSON.stringify(wanted)) {
    const kept = await api.put(addressOf(name), wanted);
    const others = presets.filter((preset) => preset.name !== kept.name);
    show(
      [...others, kept].sort((one, other) => one.name.localeCompare(other.name)),
      isNow(text) ? kept.name : choice.value,
    );
  }

  show([]);
  load();
  return { element: element("div", { class: "presets" }, choosing, saving, remove), compare };
}

function addressOf(name) {
  return `presets/${encodeURIComponent(name)}`;
}
