// The session: tokens, kept in this tab or, if the user wants it, on this device, and renewed before they expire.

import { SignInError, Unreachable } from "./cognito.js";
import { t } from "./texts.js";

const KEY = "skimlist.session";
const RENEW_BEFORE_MS = 120_000;
// The tokens of another tab arrive within milliseconds, on a busy machine within a second.
const TAKE_OVER_MS = 2_000;
const LOOK_EVERY_MS = 20;
// Refusals that say nothing about the session: Cognito is busy, or something on the way has answered instead.
const PASSING = new Set(["TooManyRequestsException", "LimitExceededException", ""]);

/** The session has ended, and the user has to sign in again. */
export class SignedOut extends Error {}

export class Session {
  #cognito;
  #kept;
  /** @type {Promise<void> | null} */
  #renewal = null;
  #isExchanging = false;
  // Tabs with the same session: those of this device, and copies of a tab, which get a copy of its storage.
  #copies = new BroadcastChannel(KEY);

  constructor(cognito) {
    this.#cognito = cognito;
    this.#kept = read(sessionStorage) ?? read(localStorage);
    /** @type {(end: { byUser: boolean, email?: string }) => any} */
    this.onEnd = () => {};
    addEventListener("storage", (event) => this.#onOtherTab(event));
    this.#copies.onmessage = ({ data }) => this.#follow(data);
  }

  get isOpen() {
    return this.#kept !== null;
  }

  get email() {
    return this.#kept?.email ?? "";
  }

  begin(email, tokens, { onThisDevice }) {
    this.#forget(); // otherwise, another session in the other storage might be found later
    this.#keep({ email, onThisDevice, ...dated(tokens) });
  }

  /** Returns a valid token; with `renew`, a new one because the current one was refused. */
  async token({ renew = false } = {}) {
    if (!this.#kept) throw new SignedOut(t`Sign in to continue.`);
    if (renew || !isFresh(this.#kept)) {
      this.#renewal ??= this.#renew(this.#kept).finally(() => (this.#renewal = null));
      await this.#renewal;
    }
    return this.#kept.idToken;
  }

  async end() {
    const refreshToken = this.#kept?.refreshToken;
    this.#forget();
    await this.#revoke(refreshToken);
  }

  /** Renews in one tab at a time; the others take over its tokens, because a used refresh token is no longer valid. */
  async #renew(refused) {
    await oneTabAtATime(async ({ hasWaited }) => {
      if (hasWaited) await this.#takeOver(refused);
      if (this.#kept?.email !== refused.email) throw new SignedOut(t`Sign in to continue.`);
      const stored = read(storageOf(refused));
      if (stored?.email !== refused.email) this.#over({ byUser: true });
      this.#kept = stored;
      if (stored.idToken === refused.idToken || !isFresh(stored)) await this.#exchange(stored);
    });
  }

  /** Waits for the other tab's tokens, because a browser may release its lock before it delivers what that tab sent. */
  async #takeOver(refused) {
    const deadline = Date.now() + TAKE_OVER_MS;
    const isOld = (session) => session?.idToken === refused.idToken;
    while (isOld(this.#kept) && isOld(read(storageOf(refused))) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #exchange(kept) {
    this.#isExchanging = true;
    try {
      const tokens = await this.#cognito.refresh(kept.refreshToken);
      if (this.#kept !== kept) {
        await this.#revoke(tokens.refreshToken);
        throw new SignedOut(t`Sign in to continue.`);
      }
      this.#keep({ ...kept, ...dated(tokens), refreshToken: tokens.refreshToken ?? kept.refreshToken });
      this.#copies.postMessage({ was: kept.refreshToken, session: this.#kept });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      if (PASSING.has(error.code)) throw new Unreachable(t`The sign-in service is not responding. Try again in a minute.`);
      if (this.#kept !== kept) throw new SignedOut(t`Sign in to continue.`);
      storageOf(kept).removeItem(KEY);
      this.#over({ byUser: false });
    } finally {
      this.#isExchanging = false;
    }
  }

  #follow({ was, session }) {
    if (this.#kept?.refreshToken === was && !this.#isExchanging) this.#keep(session);
  }

  /** Signs out together with the other tabs of the device. */
  #onOtherTab({ key, newValue }) {
    if (key !== KEY || newValue !== null || !this.#kept?.onThisDevice) return;
    this.#kept = null;
    this.onEnd({ byUser: true });
  }

  #over({ byUser }) {
    const { email } = this;
    this.#kept = null;
    this.onEnd({ byUser, email });
    throw new SignedOut(byUser ? t`Sign in to continue.` : t`Your session has ended. Sign in to continue where you left off.`);
  }

  async #revoke(refreshToken) {
    if (refreshToken) await this.#cognito.revoke(refreshToken).catch(() => {});
  }

  #keep(session) {
    this.#kept = session;
    storageOf(session).setItem(KEY, JSON.stringify(session));
  }

  #forget() {
    this.#kept = null;
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
  }
}

function dated({ seconds, ...tokens }) {
  return { ...tokens, expiresAt: Date.now() + seconds * 1000 };
}

function isFresh({ expiresAt }) {
  return expiresAt - RENEW_BEFORE_MS >= Date.now();
}

function storageOf({ onThisDevice }) {
  return onThisDevice ? localStorage : sessionStorage;
}

/** Runs `work` under a lock; browsers have locks only for pages over HTTPS or from this machine. */
async function oneTabAtATime(work) {
  if (!navigator.locks) return work({ hasWaited: false });
  let hasWaited = true;
  await navigator.locks.request(KEY, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    hasWaited = false;
    await work({ hasWaited });
  });
  if (hasWaited) await navigator.locks.request(KEY, () => work({ hasWaited }));
}

function read(storage) {
  try {
    return JSON.parse(storage.getItem(KEY));
  } catch {
    return null;
  }
}
