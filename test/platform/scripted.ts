// Loaded here, so that the first 429 of a test need not wait for it: the virtual clock does not wait for modules.
import '../../src/transport/auth/identity.js';
import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import { createClient, type Fetch } from '../../src/index.js';
import { type PlatformPaths, platformOperations } from '../../src/platform/index.js';
import { asFetch } from '../helpers/as-fetch.js';

/** What a script answers: a body, a response, or what a function of the request makes. */
export type Answer =
  | object
  | Response
  | ((request: Request) => object | Response | Promise<object | Response>);

/** A client of an API that plays scripts. */
export interface Scripted {
  readonly client: ReturnType<typeof clientWith>;
  /** `METHOD path?query` of each request. */
  readonly calls: string[];
}

/**
 * Makes a client whose API answers by `METHOD /path`, one answer after another; the last one stays.
 */
export function scripted(scripts: Readonly<Record<string, readonly Answer[]>>): Scripted {
  const calls: string[] = [];
  const positions = new Map<string, number>();
  const fetch = asFetch(async (request) => {
    const { pathname, search } = new URL(request.url);
    const key = `${request.method} ${pathname}`;
    calls.push(key + search);
    const answers = scripts[key] ?? [problem(404, 'not_found')];
    const at = positions.get(key) ?? 0;
    positions.set(key, at + 1);
    const answer = answers[Math.min(at, answers.length - 1)] ?? {};
    const made = typeof answer === 'function' ? await answer(request) : answer;
    return made instanceof Response ? made.clone() : Response.json(made);
  });
  return { client: clientWith(fetch), calls };
}

function clientWith(fetch: Fetch) {
  return createClient<PlatformPaths>({
    operations: platformOperations,
    fetch,
    bearerToken: 'token',
    maxRetries: 0,
  });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { code, message: `${code} it is` } }, { status, headers });
}

/** Ends as `work` does, with the virtual clock going on until then. */
export async function onVirtualClock<T>(work: Promise<T>, stepMs = 500): Promise<T> {
  let isOver = false;
  const settled = work.finally(() => {
    isOver = true;
  });
  settled.catch(() => undefined);
  while (!isOver) {
    await vi.advanceTimersByTimeAsync(stepMs);
    // Modules that are loaded on the way need real turns, of which the virtual clock knows nothing.
    await setImmediate();
  }
  return settled;
}
