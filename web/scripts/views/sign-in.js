// The sign-in view: sign in, set the first password, or get a new one by email.

import { SignInError, Unreachable } from "../cognito.js";
import { button, element, replaceChildren, setText } from "../dom.js";
import { check, field } from "../fields.js";
import { whileDisabled } from "../notices.js";
import { rewrite } from "../router.js";
import { nodes, t } from "../texts.js";

const rules = () => t`At least 12 characters, with a lowercase letter, an uppercase letter and a digit.`;

/**
 * `given` is what the link contains: the account, as in an invitation, and, on this machine only, its password. A password in
 * any other link is ignored; otherwise its sender could make somebody work in the sender's account. `ended` is the email of a
 * session that has ended by itself.
 */
export function signInView({ cognito, session, whenDone, given, ended }) {
  const box = element("div", { class: "door-form" });
  const password = isLoopback(location.hostname) ? given.get("password") : null;
  const state = { email: given.get("username") ?? ended, password: password ?? "", stays: false };
  if ([...given].length) rewrite("#/sign-in"); // a password must not stay in the address

  const turnTo = (form, message = undefined) => {
    replaceChildren(box, form(message));
    focusOf(box).focus();
  };
  const enter = (tokens) => {
    session.begin(state.email, tokens, { onThisDevice: state.stays });
    whenDone();
  };

  function signIn(message) {
    const [email, password] = [emailInput(state.email), passwordInput("current-password", state.password)];
    const stays = element("input", { type: "checkbox", checked: state.stays });
    const keep = () =>
      Object.assign(state, { email: email.value.trim(), password: password.value, stays: stays.checked });
    return form({
      title: t`Sign in`,
      message,
      fields: [
        field(t`Email`, "", email),
        passwordField(t`Password`, "", password),
        check(t`Keep me signed in on this device`, "", stays),
      ],
      action: t`Sign in`,
      async submit() {
        keep();
        const answer = await cognito.signIn(state.email, state.password);
        if (!answer.challenge) return enter(answer);
        if (answer.challenge !== "NEW_PASSWORD_REQUIRED")
          throw new SignInError(
            answer.challenge,
            t`This account requires a second factor, which this page does not support.`,
          );
        state.challenge = answer;
        return turnTo(firstPassword);
      },
      below: [
        link(t`Forgot your password?`, () => {
          keep();
          turnTo(forgotten);
        }),
        element("p", { class: "soft" }, t`No account yet? Ask your administrator to create one for you.`),
      ],
    });
  }

  function firstPassword() {
    const password = passwordInput("new-password");
    return form({
      title: t`Choose a password`,
      message: t`The one you were given works only once.`,
      fields: [passwordField(t`Your new password`, rules(), password)],
      action: t`Save and sign in`,
      submit: async () => enter(await changed(password.value)),
    });
  }

  /** Cognito waits three minutes for the new password; after that, it requires the old one again. */
  async function changed(password) {
    try {
      return await cognito.changeFirstPassword(state.challenge, password);
    } catch (error) {
      if (error.code !== "NotAuthorizedException") throw error;
      state.challenge = await cognito.signIn(state.email, state.password);
      return cognito.changeFirstPassword(state.challenge, password);
    }
  }

  function forgotten() {
    const email = emailInput(state.email);
    return form({
      title: t`Get a new password`,
      message: t`We’ll send a code to your email address.`,
      fields: [field(t`Email`, "", email)],
      action: t`Send the code`,
      async submit() {
        state.email = email.value.trim();
        await cognito.sendResetCode(state.email);
        turnTo(reset, t`If there is an account for ${state.email}, a code is on its way.`);
      },
      below: link(t`Back`, () => turnTo(signIn)),
    });
  }

  function reset(message) {
    const code = element("input", { autocomplete: "one-time-code", inputmode: "numeric", required: true });
    const password = passwordInput("new-password");
    return form({
      title: t`Get a new password`,
      message,
      fields: [field(t`Code from the email`, "", code), passwordField(t`Your new password`, rules(), password)],
      action: t`Save and sign in`,
      async submit() {
        await cognito.resetPassword(state.email, code.value.trim(), password.value);
        enter(await cognito.signIn(state.email, password.value));
      },
      below: link(t`Send another code`, () => turnTo(forgotten)),
    });
  }

  box.append(signIn(ended && t`Your session has ended. Sign in to continue where you left off.`));
  const quickly = element("mark", {}, t`read in minutes`);
  const words = element(
    "div",
    { class: "door-words" },
    element("h1", {}, nodes`Hours of video, ${quickly}.`),
    element(
      "p",
      {},
      t`Paste a list of YouTube links. Get a faithful summary of every video, one after the other, at a cost you know in advance.`,
    ),
  );
  const door = element("section", { class: "door" }, words, box);
  door.classList.toggle("is-back", Boolean(ended));
  return { title: t`Sign in`, element: door, focusOn: focusOf(box) };
}

/** Whether browsers treat this host as this machine (Secure Contexts, section 3.1). */
function isLoopback(host) {
  return host === "127.0.0.1" || host === "[::1]" || host === "localhost" || host.endsWith(".localhost");
}

/** Returns the first empty field, or the button if all are filled in. */
function focusOf(box) {
  return (
    [...box.querySelectorAll("input:not([type=checkbox])")].find((input) => !input.value) ??
    box.querySelector("button.primary")
  );
}

/**
 * Returns a form; `below` comes after its button.
 *
 * @param {{ title: string, message?: string, fields: Node[], action: string, submit: () => any, below?: any }} parts
 */
function form({ title, message, fields, action, submit, below = null }) {
  const problem = element("p", { class: "problem-text", role: "alert" });
  const send = element("button", { class: "primary wide" }, action);
  const onsubmit = (event) => {
    event.preventDefault();
    whileDisabled(send, async () => {
      setText(problem, "");
      try {
        await submit();
      } catch (error) {
        if (!(error instanceof SignInError || error instanceof Unreachable)) throw error;
        setText(problem, error.message);
      }
    });
  };
  return element(
    "form",
    { onsubmit },
    element("h2", {}, title),
    message && element("p", { class: "soft" }, message),
    fields,
    problem,
    send,
    below,
  );
}

function link(label, onclick) {
  return button({ class: "link", onclick }, label);
}

function emailInput(value) {
  return element("input", { type: "email", autocomplete: "username", required: true, value });
}

function passwordInput(autocomplete, value = "") {
  return element("input", { type: "password", autocomplete, required: true, value });
}

function passwordField(label, hint, input) {
  const toggle = button({ "aria-pressed": "false", "aria-label": t`Show the password` }, t`Show`);
  toggle.addEventListener("click", () => {
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(isShown));
  });
  return field(label, hint, input, toggle);
}
