// Calls the user pool directly: its public operations need no key, and passwords never pass through our own API.

import { t } from "./texts.js";

export class SignInError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Nothing answered: there is no network, or the server is down. Trying again may help. */
export class Unreachable extends Error {}

const messages = () => ({
  NotAuthorizedException: t`The email or password is wrong. Check both, or get a new password below.`,
  CodeMismatchException: t`This code is wrong. Use the one from the latest email.`,
  ExpiredCodeException: t`This code has expired. Request a new one.`,
  LimitExceededException: t`Too many attempts. Wait a few minutes, then try again.`,
  TooManyRequestsException: t`Too many attempts. Wait a few minutes, then try again.`,
  PasswordResetRequiredException: t`This account needs a new password; choose “Forgot your password?”.`,
});

// Cases of NotAuthorizedException and InvalidParameterException, which only the words of Cognito's message distinguish.
const byWords = () => [
  [/password attempts exceeded/i, t`Too many attempts. Wait a few minutes, then try again.`],
  [
    /temporary password has expired/i,
    t`The password in your invitation has expired. Ask your administrator for a new invitation.`,
  ],
  [/user is disabled/i, t`This account is disabled. Ask your administrator why.`],
  [
    /cannot be reset in the current state/i,
    t`You have not chosen a password yet. Sign in with the one in your invitation, or ask your administrator for a new invitation.`,
  ],
  [
    /no registered\/verified email/i,
    t`This email address is not confirmed, so no code can be sent to it. Ask your administrator to confirm it.`,
  ],
];

export class Cognito {
  constructor({ client_id: clientId, cognito_endpoint: endpoint }) {
    this.clientId = clientId;
    this.endpoint = endpoint;
  }

  /** Returns tokens, or `{ challenge, session, userId }` if the password has to be changed first. */
  async signIn(username, password) {
    const answer = await this.#call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    if (!answer.ChallengeName) return tokensOf(answer);
    // Older pools require the user's name in the response to the challenge, not the email (Amazon Cognito API Reference,
    // RespondToAuthChallenge: "USERNAME" in ChallengeResponses).
    const userId = answer.ChallengeParameters?.USER_ID_FOR_SRP ?? username;
    return { challenge: answer.ChallengeName, session: answer.Session, userId };
  }

  async changeFirstPassword({ session, userId }, password) {
    return tokensOf(
      await this.#call("RespondToAuthChallenge", {
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session: session,
        ChallengeResponses: { USERNAME: userId, NEW_PASSWORD: password },
      }),
    );
  }

  /** Returns new tokens. If the pool rotates refresh tokens, they include a new one; the old one soon ends. */
  async refresh(refreshToken) {
    return tokensOf(await this.#call("GetTokensFromRefreshToken", { RefreshToken: refreshToken }));
  }

  sendResetCode(username) {
    return this.#call("ForgotPassword", { Username: username });
  }

  resetPassword(username, code, password) {
    return this.#call("ConfirmForgotPassword", { Username: username, ConfirmationCode: code, Password: password });
  }

  revoke(refreshToken) {
    return this.#call("RevokeToken", { Token: refreshToken });
  }

  async #call(operation, request) {
    let response;
    try {
      response = await fetch(`${this.endpoint}/`, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
        },
        body: JSON.stringify({ ClientId: this.clientId, ...request }),
        signal: AbortSignal.timeout(20_000),
      });
    } catch {
      throw new Unreachable(t`The sign-in service cannot be reached. Check your internet connection, then try again.`);
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    if (response.status >= 500) throw new Unreachable(t`The sign-in service is not responding. Try again in a minute.`);
    const code = String(answer.__type ?? "")
      .split("#")
      .pop();
    throw new SignInError(code, sentenceFor(code, answer.message));
  }
}

function sentenceFor(code, message) {
  const known = byWords().find(([words]) => words.test(message));
  return known ? known[1] : (messages()[code] ?? message ?? t`Sign-in failed. Try again; if that does not help, ask your administrator.`);
}

function tokensOf(answer) {
  const result = answer.AuthenticationResult;
  return { idToken: result.IdToken, refreshToken: result.RefreshToken, seconds: result.ExpiresIn };
}
