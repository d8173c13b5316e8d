// Both packages over one stub, for what is to be seen of their differences.
import * as theirs from '@vercel/connect';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';
import { createIssuer, type Issuer, JWKS_URL, PROJECT } from '../connect/trigger-helpers.js';

export type Entry = Pick<
  typeof theirs,
  'getToken' | 'getTokenResponse' | 'revokeToken' | 'startAuthorization'
> & {
  // Ours knows that the API can give a clientUrl as null.
  getConnectorMetadata(...call: Parameters<typeof theirs.getConnectorMetadata>): Promise<{ name: string }>;
};

/** A deviation by its title, as the documentation has it, and what shows it. */
export type Deviations = Readonly<Record<string, () => Promise<void>>>;

export const APP = { subject: { type: 'app' } } as const;
export const AS = { vercelToken: 'caller-one' };
export const HOUR = 3_600_000;

/** What was sent, and what is answered. */
export const sent: Request[] = [];
export const stub: { answer: (index: number) => Response | Promise<Response> } = { answer: () => token() };

let issuer: Promise<Issuer> | undefined;
/** Vercel, which signs. */
export const vercel = () => {
  issuer ??= createIssuer('vercel-1');
  return issuer;
};

let names = 0;
/** A connector that no other test has put into a cache of the whole process. */
export const fresh = () => `slack/deviation-${++names}`;

/** An answer with a token that tells how many requests there were. */
export function token(fields: object = {}): Response {
  const connector = { id: 'scl_1', uid: 'slack/a', type: 'slack' };
  const own = { token: `token-${sent.length}`, tokenId: 'stk_1', expiresAt: Date.now() + HOUR, connector };
  return HttpResponse.json({ ...own, ...fields });
}

export const refusal = (status: number, error: object) => () => HttpResponse.json({ error }, { status });

/** The error that a call ends with; `undefined` where it ends well. */
export const failure = (call: Promise<unknown>): Promise<(Error & Record<string, unknown>) | undefined> =>
  call.then(
    () => undefined,
    (error: Error & Record<string, unknown>) => error,
  );

/** How many requests something takes. */
export async function requests(act: () => Promise<unknown>): Promise<number> {
  const before = sent.length;
  await act();
  return sent.length - before;
}

/** The one result with each package, for what is to be compared. */
export async function both<T>(act: (entry: Entry) => Promise<T>): Promise<{ there: T; here: T }> {
  return { there: await act(theirs), here: await act(ours) };
}

/** Sets the stub up for the tests of one file. */
export function useStub(): void {
  const server = setupServer(
    http.get(JWKS_URL, async () => HttpResponse.json({ keys: [(await vercel()).jwk] })),
    http.all('*', ({ request }) => stub.answer(sent.push(request.clone()) - 1)),
  );
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  beforeEach(() => {
    vi.stubEnv('VERCEL_REGION', undefined);
    vi.stubEnv('VERCEL_PROJECT_ID', PROJECT);
    vi.stubEnv('VERCEL_TARGET_ENV', 'production');
  });
  afterEach(() => {
    vi.useRealTimers();
    sent.length = 0;
    stub.answer = () => token();
  });
  afterAll(() => server.close());
}
