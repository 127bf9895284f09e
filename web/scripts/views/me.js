// The user's own settings: notifications, and spending on models.

import { ApiError } from "../api.js";
import { element, replaceChildren, setHidden, totals } from "../dom.js";
import { check, field } from "../fields.js";
import { cents, dollars, moment } from "../format.js";
import { attempt, notice, whileDisabled } from "../notices.js";
import { places } from "../router.js";
import { t, translated } from "../texts.js";

const events = () => [
  ["done", t`A batch is done`, ""],
  ["news", t`Videos of a channel or playlist that you follow have been summarized`, t`Can also be turned off for a single channel or playlist.`],
  ["paused", t`A batch has paused`, t`Also when a channel or playlist you follow can no longer be read, or its budget is used up.`],
  ["failed", t`A batch has failed`, ""],
];

const states = {
  pending: () => t`Waiting for confirmation: AWS has sent a message to this address. Save again to get another one.`,
  confirmed: () => t`Confirmed`,
  ended: () => t`No longer subscribed. Save again to get a new confirmation message.`,
};

export async function meView({ api }) {
  const notifications = element("section", { class: "box", "aria-label": t`Notifications` });
  const spending = element("section", { class: "box", "aria-label": t`Spending` });
  let version;
  let isUnanswered = false;

  /** Replaces the settings, unless they have changed since they were shown. */
  async function replace(wanted) {
    const put = () => api.put("me", { notifications: wanted }, { "If-Match": String(version) });
    try {
      return await put();
    } catch (error) {
      // An earlier request of ours may have been carried out although its answer never came: this one is newer.
      const isByUs = isUnanswered && isConflict(error);
      isUnanswered = !(error instanceof ApiError) || error.status >= 500;
      if (!isByUs) throw error;
      version = (await api.get("me")).notifications.version;
      return await put();
    }
  }

  function show(me) {
    version = me.notifications.version;
    isUnanswered = false;
    const about = t`Skimlist can tell you when a batch is done or needs you, and what is new in what you follow.`;
    const isInUse = notifications.contains(document.activeElement);
    replaceChildren(notifications, element("h2", {}, t`Notifications`), element("p", { class: "soft" }, about), form(me));
    if (isInUse) /** @type {HTMLElement} */ (notifications.querySelector("button.primary")).focus();
    replaceChildren(spending, element("h2", {}, t`Spending on models`), costs(me.spending));
  }

  function form({ email, notifications: chosen }) {
    const address = chosen.email?.address ?? email;
    const byEmail = element("input", {
      type: "checkbox",
      checked: Boolean(chosen.email),
      disabled: !email,
      onchange: showWhetherAny,
    });
    const webhook = element("input", {
      type: "url",
      maxlength: 2000,
      pattern: "https://.+",
      placeholder: "https://",
      autocomplete: "off",
      value: chosen.webhook?.address ?? "",
      oninput: showWhetherAny,
    });
    const boxes = events().map(([name, label, hint]) => {
      const box = element("input", { type: "checkbox", value: name, checked: chosen.events.includes(name) });
      return [box, check(label, hint, box)];
    });
    const when = element("fieldset", {}, element("legend", {}, t`Notify me when`), ...boxes.map(([, labelled]) => labelled));
    const save = element("button", { class: "primary" }, t`Save notification settings`);

    /** Asks for events only if somebody is told about them. */
    function showWhetherAny() {
      setHidden(when, !byEmail.checked && !webhook.value.trim());
    }

    async function submit() {
      const wanted = {
        email: byEmail.checked,
        webhook: webhook.value.trim() || null,
        events: boxes
          .map(([box]) => box)
          .filter((box) => box.checked)
          .map((box) => box.value),
      };
      await attempt(async () => {
        try {
          show(await replace(wanted));
          notice(t`Your notification settings were saved.`);
        } catch (error) {
          if (isConflict(error)) show(await api.get("me"));
          throw error;
        }
      });
    }

    function onsubmit(event) {
      event.preventDefault();
      whileDisabled(save, submit);
    }

    showWhetherAny();
    return element(
      "form",
      { onsubmit },
      check(address ? t`Email to ${address}` : t`Email`, address ? state(chosen.email) : t`Your address is not verified yet. Ask your administrator to verify it.`, byEmail),
      field(t`Webhook`, state(chosen.webhook) || t`Optional, for a program of your own: an https:// address to which each notification is sent.`, webhook),
      when,
      element("div", { class: "actions" }, save),
    );
  }

  const [me, { models }] = await Promise.all([api.get("me"), api.get("models")]);
  show(me);
  return {
    title: t`Settings`,
    element: element(
      "section",
      { class: "page" },
      element("h1", {}, t`Settings`),
      element(
        "div",
        { class: "own-settings" },
        notifications,
        element("div", { class: "of-models" }, spending, modelsBox(models)),
      ),
    ),
  };
}

/** Which models can be used, with the way to a key for each that lacks one. */
function modelsBox(models) {
  return element(
    "section",
    { class: "box" },
    element("h2", {}, t`Models`),
    element(
      "ul",
      { class: "offered-models" },
      models.map((each) =>
        element(
          "li",
          {},
          element("span", {}, translated(each.label), element("small", {}, tokenPrice(each))),
          whetherUsable(each),
        ),
      ),
    ),
  );
}

function whetherUsable({ alias, key_configured: isUsable, key_parameter: parameter }) {
  if (!isUsable && parameter) return element("a", { href: places.modelKeys(alias) }, t`Needs a key`);
  return element("span", { class: "soft" }, isUsable ? t`ready` : t`not set up`);
}

/** Models are paid by the token, a piece of about four letters. */
function tokenPrice({ usd_per_million_tokens_in: read, usd_per_million_tokens_out: written }) {
  if (!read && !written) return t`free`;
  return t`${dollars(read)} per million tokens read, ${dollars(written)} written`;
}

function isConflict(error) {
  return error instanceof ApiError && error.code === "settings_changed";
}

function state(recipient) {
  return recipient ? states[recipient.state]() : "";
}

/** The limit of the day is each user's own; the spending of all users, for whom that of the month is, is not shown. */
function costs(spent) {
  const { today_usd: today, day_limit_usd: most, deployment_month_limit_usd: mostOfAll } = spent;
  const rows = [
    [t`Your spending today`, most === null ? cents(today) : t`${cents(today)} of ${dollars(most)}`],
    [t`Your spending this month`, cents(spent.month_usd)],
    mostOfAll !== null && [t`Limit for all users together`, t`${dollars(mostOfAll)} a month`],
    most !== null && [t`Daily limit resets`, moment(spent.day_ends_at)],
    mostOfAll !== null && [t`Monthly limit resets`, moment(spent.month_ends_at)],
  ];
  return totals(rows.filter(Boolean));
}
