// Who is signed in: the tokens, kept in this tab or, when the user wants it, on this device; renewed before they expire.

import { SignInError, Unreachable } from "./cognito.js";

const KEY = "skimlist.session";
const RENEW_BEFORE_MS = 120_000;
// Refusals that say nothing of the session: Cognito is busy, or something on the way has answered in its place.
const PASSING = new Set(["TooManyRequestsException", "LimitExceededException", ""]);

/** The session is over and the user has to sign in again. */
export class SignedOut extends Error {}

export class Session {
  #cognito;
  #kept;
  #renewal = null;

  constructor(cognito) {
    this.#cognito = cognito;
    this.#kept = read(sessionStorage) ?? read(localStorage);
    this.onEnd = () => {};
    addEventListener("storage", (event) => this.#onOtherTab(event));
  }

  get isOpen() {
    return this.#kept !== null;
  }

  get email() {
    return this.#kept?.email ?? "";
  }

  begin(email, tokens, { onThisDevice }) {
    this.#forget(); // of two sessions, the other one might be found again
    this.#keep({ email, onThisDevice, ...tokens });
  }

  /** A token that is valid for a while; `renew` when the one at hand was refused. */
  async token({ renew = false } = {}) {
    if (!this.#kept) throw new SignedOut("Sign in to go on.");
    if (renew || this.#kept.expiresAt - RENEW_BEFORE_MS < Date.now()) {
      this.#renewal ??= this.#renew().finally(() => (this.#renewal = null));
      await this.#renewal;
    }
    return this.#kept.idToken;
  }

  async end() {
    const refreshToken = this.#kept?.refreshToken;
    this.#forget();
    if (refreshToken) await this.#cognito.revoke(refreshToken).catch(() => {});
  }

  async #renew() {
    const kept = this.#kept;
    try {
      const tokens = await this.#cognito.refresh(kept.refreshToken);
      if (this.#kept !== kept) throw new SignedOut("Sign in to go on.");
      this.#keep({ ...kept, ...tokens, refreshToken: tokens.refreshToken ?? kept.refreshToken });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      if (PASSING.has(error.code)) throw new Unreachable("The sign-in service does not answer.");
      if (this.#kept !== kept) throw new SignedOut("Sign in to go on.");
      this.#forget();
      this.onEnd({ byUser: false });
      throw new SignedOut("Your session has ended; sign in again.");
    }
  }

  /** Who signs out of a device means all of its tabs. */
  #onOtherTab({ key, newValue }) {
    if (key !== KEY || newValue !== null || !this.#kept?.onThisDevice) return;
    this.#kept = null;
    this.onEnd({ byUser: true });
  }

  #keep({ email, onThisDevice, idToken, refreshToken, seconds }) {
    const expiresAt = Date.now() + seconds * 1000;
    this.#kept = { email, onThisDevice, idToken, refreshToken, expiresAt };
    (onThisDevice ? localStorage : sessionStorage).setItem(KEY, JSON.stringify(this.#kept));
  }

  #forget() {
    this.#kept = null;
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
  }
}

function read(storage) {
  try {
    return JSON.parse(storage.getItem(KEY));
  } catch {
    return null;
  }
}
