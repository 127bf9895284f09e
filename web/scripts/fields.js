// Form controls with their labels and explanations.

import { element } from "./dom.js";
import { t } from "./texts.js";

let made = 0;

/** A control below its label and a hint, with `beside` next to it. */
export function field(label, hint, control, beside = undefined) {
  control.id ||= `field-${(made += 1)}`;
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  return element(
    "div",
    { class: "field" },
    element("label", { for: control.id }, label),
    hint && element("small", { id: `${control.id}-hint` }, hint),
    beside ? element("div", { class: "with-button" }, control, beside) : control,
  );
}

/** A field for an amount of money; a field for numbers drops the comma, so that `0,05` becomes five dollars. */
export function dollarField(attributes = {}) {
  const rules = { inputmode: "decimal", autocomplete: "off", maxlength: 12, pattern: "\\s*\\d*[.,]?\\d{1,2}\\s*" };
  return element("input", { ...rules, title: t`An amount in dollars, such as 0.50`, ...attributes });
}

/** Returns the amount in the form that the API accepts. */
export function dollarsIn(input) {
  return input.value.trim().replace(",", ".");
}

/** A checkbox with its explanation in the label. */
export function check(label, hint, control) {
  return element("label", { class: "check" }, control, element("span", {}, label, hint && element("small", {}, hint)));
}

/** A choice of one from several; `choices` are `[value, label, hint]`. */
export function choice(legend, name, choices, chosen) {
  return element(
    "fieldset",
    { class: `choice choice-${name}` },
    element("legend", {}, legend),
    element(
      "div",
      { class: "choices" },
      choices.map(([value, label, hint]) => {
        const control = element("input", { type: "radio", name, value, checked: value === chosen });
        return element(
          "label",
          {},
          control,
          element("span", {}, element("b", {}, label), hint && element("small", {}, hint)),
        );
      }),
    ),
  );
}
