import type { webcrypto } from 'node:crypto';
import { http, type RequestHandler } from 'msw';
import { isLoopback } from '../../http/base-url.js';
import { toBase64Url } from '../../util/bytes.js';
import type { MockOrigin } from '../handlers/match-path.js';
import { errorResponse, jsonResponse } from '../respond/json-response.js';
import { createRandom } from '../respond/random.js';
import type { Connector } from './connector-state.js';
import { type Destination, environmentOf } from './destinations.js';
import type { State } from './emulator-state.js';

/** Life of a forward's token, in seconds. */
const LIFE_S = 3_600;
const TEAM = 'acme';
/** The addresses at which Vercel publishes its keys: for all teams, and for one. */
const ISSUER = `https://oidc\\.vercel\\.com(?:/${TEAM})?`;
/** Attempts of Connect to deliver an event, and the statuses that it retries. Source: https://vercel.com/docs/connect */
const ATTEMPTS = 3;
const RETRIED: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** One event on its way to a destination, as Connect would send it. */
export interface EmulatedForward {
  readonly destination: Destination;
  /** Path at the deployment. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The keys with which an emulator signs. */
export interface SigningKeys {
  /** The public keys, for a verifier. */
  jwks(): Promise<{ readonly keys: readonly object[] }>;
  /** Signs claims with RS256, as Vercel does. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Creates the keys at their first use, since most emulators sign nothing. */
export function createSigningKeys(seed: number | string): SigningKeys {
  const kid = `emulated-${createRandom('key', seed).text(12)}`;
  let pair: Promise<webcrypto.CryptoKeyPair> | undefined;
  const keys = () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, hash: 'SHA-256' };
    // The algorithm makes a pair.
    pair ??= crypto.subtle.generateKey({ ...algorithm, publicExponent: new Uint8Array([1, 0, 1]) }, true, [
      'sign',
      'verify',
    ]) as Promise<webcrypto.CryptoKeyPair>;
    return pair;
  };
  return {
    async jwks() {
      const { kty, n, e } = await crypto.subtle.exportKey('jwk', (await keys()).publicKey);
      return { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] };
    },
    async sign(claims) {
      const unsigned = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
      const { privateKey } = await keys();
      const bytes = new TextEncoder().encode(unsigned);
      const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, bytes);
      return `${unsigned}.${toBase64Url(new Uint8Array(signature))}`;
    },
  };
}

/** Creates the forwards of one event: one for each destination, none where triggers are off. */
export function createForwards(
  state: State,
  keys: SigningKeys,
  { facts }: Connector,
  body: string,
): Promise<EmulatedForward[]> {
  const isOn = facts.triggers?.enabled === true;
  const destinations = isOn ? (facts.triggerDestinations ?? []) : [];
  const { id, uid, type, service } = facts;
  const trigger = { id, uid, type, service };
  return Promise.all(
    destinations.map(async (destination) => {
      state.forwards += 1;
      const now = Math.floor(state.now() / 1000);
      const environment = environmentOf(destination);
      const { projectId } = destination;
      const token = await keys.sign({
        iss: `https://oidc.vercel.com/${TEAM}`,
        aud: `https://vercel.com/${TEAM}`,
        sub: `owner:${TEAM}:project:${projectId}:environment:${environment}`,
        owner: TEAM,
        owner_id: `team_${TEAM}`,
        project: projectId,
        project_id: projectId,
        environment,
        client_id: 'api-connex',
        trigger,
        jti: `emulated-${state.forwards}`,
        iat: now,
        nbf: now,
        exp: now + LIFE_S,
      });
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        // Unsigned, as Connect sends them too.
        'x-trigger-id': id,
        'x-trigger-uid': uid,
        'x-trigger-type': type,
        'x-trigger-service': service,
      };
      return { destination, path: destination.path ?? '/', headers, body };
    }),
  );
}

/**
 * Handles a provider's events, and serves the keys at Vercel's own address and at that of the emulator.
 *
 * `POST /connect/trigger/{connector}?to=http://127.0.0.1:3000` forwards an event to a deployment on this machine and reports
 * its responses. Without `to` the response lists the forwards.
 */
export function triggerHandlers(origin: MockOrigin, state: State, keys: SigningKeys): RequestHandler[] {
  return [
    http.get(new RegExp(`^(?:${origin.source}|${ISSUER})/\\.well-known/jwks$`), async () =>
      jsonResponse(200, await keys.jwks()),
    ),
    http.post(new RegExp(`^${origin.source}/connect/trigger/[^/]+$`), async ({ request }) => {
      const url = new URL(request.url);
      const connector = state.find(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''));
      if (connector === undefined) return errorResponse(404, 'No connector has this id or UID.');
      const to = url.searchParams.get('to');
      const target = to !== null && URL.canParse(to) ? new URL(to) : undefined;
      if (to !== null && !(target?.protocol === 'http:' && isLoopback(target.hostname)))
        return errorResponse(400, 'to must be a URL of this machine.');
      const forwards = await createForwards(state, keys, connector, await request.text());
      if (target === undefined) return jsonResponse(202, { forwards });
      try {
        const delivered = await Promise.all(forwards.map((forward) => deliver(forward, target)));
        return jsonResponse(202, { delivered });
      } catch {
        return errorResponse(502, 'The URL that `to` names did not respond.');
      }
    }),
  ];
}

/** Sends a forward as Connect does: a server error is retried, here without a delay. Returns the last status. */
async function deliver({ destination, path, headers, body }: EmulatedForward, to: URL) {
  // The path is set and not resolved: resolved, `//host/path` would name another host. A redirect could lead there too.
  const url = new URL(to);
  const [pathname = '', ...query] = path.split('?');
  url.pathname = pathname;
  url.search = query.join('?');
  url.hash = '';
  let status = 0;
  for (let attempt = 0; attempt < ATTEMPTS && (attempt === 0 || RETRIED.has(status)); attempt++)
    ({ status } = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' }));
  return { destination, status };
}

function encode(value: unknown): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
}
