import { GradusError, refusal } from "./problem.js";

/** How a server is reached. */
export interface GradusOptions {
  /** Sent as a bearer token, or a function that gives one whenever it is needed. */
  token?: string | (() => string | Promise<string>);
  /** How often a request is sent again after 429, 503 or a failure of the network; 3 where not given. */
  retries?: number;
  /** The longest wait before a request is sent again, in milliseconds; 10,000 where not given. A server that asks for more is not asked again. */
  maxWaitMs?: number;
  /** The longest that one attempt may take, in milliseconds; 30,000 where not given. */
  timeoutMs?: number;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** What sends requests; the global `fetch` where not given. */
  fetch?: typeof globalThis.fetch;
}

/** How one question is asked. */
export interface CallOptions {
  /** Ends the question, its retries and their waits. */
  signal?: AbortSignal;
}

/** What is sent. */
export interface Sent {
  method: "GET" | "POST";
  path: string;
  query?: object | undefined;
  body?: unknown;
}

const FIRST_WAIT_MS = 200;
const AGAIN: readonly number[] = [429, 503];

/** Sends requests, again where that may help: every question only reads, so that nothing is done twice. */
export class Transport {
  readonly #base: string;
  readonly #options: GradusOptions;

  constructor(server: string, options: GradusOptions) {
    this.#base = server.replace(/\/+$/, "");
    this.#options = options;
  }

  /** The address of `sent`, whose lists are parameters that stand several times. */
  address(sent: Sent): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(sent.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined && one !== null) query.append(name, String(one));
      }
    }
    const text = query.toString();
    return this.#base + sent.path + (text === "" ? "" : `?${text}`);
  }

  async json<T>(sent: Sent, call: CallOptions): Promise<T> {
    return (await (await this.#send(sent, call)).json()) as T;
  }

  async text(sent: Sent, call: CallOptions): Promise<string> {
    return (await this.#send(sent, call)).text();
  }

  async #send(sent: Sent, call: CallOptions): Promise<Response> {
    const { retries = 3, maxWaitMs = 10_000 } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      let wait = Math.min(FIRST_WAIT_MS * 2 ** attempt, maxWaitMs) * (0.5 + Math.random() / 2);
      try {
        const response = await this.#attempt(sent, call);
        if (response.ok) return response;
        const asked = seconds(response.headers.get("retry-after"));
        if (asked !== undefined) wait = asked * 1000;
        if (!AGAIN.includes(response.status) || attempt >= retries || wait > maxWaitMs) throw await refusal(response);
        await response.body?.cancel();
      } catch (error) {
        if (error instanceof GradusError) throw error;
        call.signal?.throwIfAborted();
        if (attempt >= retries) {
          const why = error instanceof Error ? error.message : String(error);
          throw new GradusError(`no answer from ${this.#base}: ${why}`, 0, undefined, error);
        }
      }
      await rest(wait, call.signal);
    }
  }

  async #attempt(sent: Sent, call: CallOptions): Promise<Response> {
    const { token, headers, timeoutMs = 30_000, fetch = globalThis.fetch } = this.#options;
    const given = typeof token === "function" ? await token() : token;
    // Not AbortSignal.any: Node 18 has none.
    const ending = new AbortController();
    const end = (): void => ending.abort(call.signal?.reason);
    call.signal?.throwIfAborted();
    call.signal?.addEventListener("abort", end, { once: true });
    const timer = setTimeout(() => ending.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const response = await fetch(this.address(sent), {
        method: sent.method,
        signal: ending.signal,
        headers: {
          accept: "application/json, */*;q=0.5",
          ...(given === undefined ? {} : { authorization: `Bearer ${given}` }),
          ...(sent.body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
      });
      // Read here, so that the time and the signal count for the body, too.
      const body = await response.arrayBuffer();
      const { status, statusText } = response;
      return new Response(status === 204 || status === 304 ? null : body, { status, statusText, headers: response.headers });
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener("abort", end);
    }
  }
}

/** The seconds of a `Retry-After`, which may also be a date. */
function seconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  const number = Number(header);
  const value = Number.isNaN(number) ? (Date.parse(header) - Date.now()) / 1000 : number;
  return Number.isNaN(value) ? undefined : Math.max(0, value);
}

function rest(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, waitMs);
    signal?.addEventListener("abort", end, { once: true });
  });
}
