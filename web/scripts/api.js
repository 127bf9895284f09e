// Our HTTP API: sends every request with a valid token, and throws refusals as errors with a sentence for people.

import { Unreachable } from "./cognito.js";
import { inPresentWords, t, translated } from "./texts.js";

export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{ code?: string, message?: string, details?: object[] }} [problem]
   */
  constructor(status, { code, message, details } = {}) {
    super(message ? translated(message) : sentenceFor(status));
    this.status = status;
    this.code = code ?? "unknown";
    this.details = details ?? [];
  }
}

/** For answers that are not Skimlist's own, such as those of the gateway before it. */
function sentenceFor(status) {
  if (status >= 500) return t`Skimlist could not answer (error ${status}). Try again in a minute.`;
  if (status === 429) return t`Skimlist is too busy at the moment. Try again in a minute.`;
  return t`Skimlist refused the request (error ${status}). Reload the page, then try again.`;
}

/** Whether the same request may succeed in a moment. */
export function isPassing(error) {
  return error instanceof Unreachable || (error instanceof ApiError && (error.status >= 500 || error.status === 429));
}

export class Api {
  #session;

  constructor(session) {
    this.#session = session;
  }

  async get(path) {
    return (await this.request("GET", path)).data;
  }

  async post(path, body = undefined, headers = {}) {
    return (await this.request("POST", path, { body, headers })).data;
  }

  async put(path, body, headers = {}) {
    return (await this.request("PUT", path, { body, headers })).data;
  }

  async patch(path, body) {
    return (await this.request("PATCH", path, { body })).data;
  }

  async delete(path) {
    return (await this.request("DELETE", path)).data;
  }

  /**
   * Returns `{ data, etag }`; `data` is null if nothing has changed since the response with this `etag`.
   *
   * @param {string} method
   * @param {string} path
   * @param {{ body?: any, headers?: object, etag?: string | null, signal?: AbortSignal, keepalive?: boolean }} [options]
   */
  async request(method, path, { body, headers = {}, etag, signal, keepalive } = {}) {
    const send = async (renew) => {
      const token = await this.#session.token({ renew });
      const sent = { ...headers, Authorization: `Bearer ${token}` };
      if (body !== undefined) sent["Content-Type"] = "application/json";
      if (etag) sent["If-None-Match"] = etag;
      return answerOf(`/api/${path}`, { method, headers: sent, body: JSON.stringify(body), signal, keepalive });
    };
    let response = await send(false);
    if (response.status === 401) response = await send(true);
    if (response.status === 304) return { data: null, etag };
    if (response.status === 204) return { data: null };
    const data = await response
      .text()
      .then((text) => JSON.parse(text, (_, value) => inPresentWords(value)))
      .catch(() => null);
    signal?.throwIfAborted();
    if (!response.ok) throw new ApiError(response.status, data?.error);
    if (data === null) throw new Unreachable(t`The response from Skimlist was incomplete. Try again.`);
    return { data, etag: response.headers.get("ETag") };
  }
}

async function answerOf(address, { signal, ...request }) {
  const limit = AbortSignal.timeout(35_000);
  try {
    // Our own ETags decide what may be reused.
    return await fetch(address, {
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...request,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable(t`Skimlist cannot be reached. Check your internet connection.`);
  }
}
