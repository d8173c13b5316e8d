import { APIError } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import { toConnectError } from '../errors.js';
import type { ConnectTokenResponse } from '../types.js';
import { headOf, readEnvelope, type StoreCrypto } from './store-crypto.js';

interface TokenRecord {
  readonly value: ConnectTokenResponse;
  /** Life on issue, in milliseconds. */
  readonly lengthMs: number;
  /** When it ends, on the store's clock. Sealed, so that a writer to the store cannot extend it. */
  readonly untilMs: number;
}

interface RefusalRecord {
  readonly error: unknown;
  /** When it is forgotten, on the store's clock. */
  readonly untilMs: number;
}

/** An entry that was opened. */
export interface Opened {
  /** Its beginning, which no other entry has. */
  readonly head: string;
  /** `undefined` where it is of an earlier generation, or does not open. */
  readonly token?: TokenRecord | undefined;
  readonly refusal?: RefusalRecord | undefined;
  /** Whether it ought to have opened. */
  readonly isUnreadable: boolean;
}

/** Separates the generations of a version. Neither they nor the parts of a sealed text contain it. */
const JOINT = '~';

/** Joins generations into one version. */
export function joinVersion(generations: readonly string[]): string {
  return generations.join(JOINT);
}

/** Returns the generations of a version. */
export function splitVersion(version: string): string[] {
  return version.split(JOINT);
}

/** Seals a token for its place and generations. */
export function sealToken(
  crypto: StoreCrypto,
  entry: string,
  version: string,
  { value, lengthMs, untilMs }: TokenRecord,
): Promise<string> {
  return crypto.seal(entry, version, JSON.stringify([untilMs, lengthMs, value]));
}

/** Seals a refusal for its place and generations. */
export function sealRefusal(
  crypto: StoreCrypto,
  entry: string,
  version: string,
  error: APIError,
  untilMs: number,
): Promise<string> {
  const { message, status, statusText, code, requestId, method, path, body } = error;
  const facts = { message, status, statusText, code, requestId, method, path, body };
  return crypto.seal(entry, version, JSON.stringify([untilMs, facts]));
}

/** Opens an entry that must be of these generations, in this place. */
export async function openEntry(
  crypto: StoreCrypto,
  entry: string,
  versions: { readonly token: string; readonly refusal: string },
  text: string,
): Promise<Opened> {
  const envelope = readEnvelope(text);
  if (envelope === undefined) return { head: text, isUnreadable: true };
  const head = headOf(envelope);
  const { mark } = envelope;
  if (mark !== versions.token && mark !== versions.refusal) return { head, isUnreadable: false };
  const opened = await crypto.open(entry, envelope);
  const parts: unknown = opened === undefined ? undefined : JSON.parse(opened);
  if (!Array.isArray(parts)) return { head, isUnreadable: true };
  const token = mark === versions.token ? readToken(parts) : undefined;
  const refusal = mark === versions.refusal ? readRefusal(parts) : undefined;
  return { head, token, refusal, isUnreadable: token === undefined && refusal === undefined };
}

function readToken([untilMs, lengthMs, value]: readonly unknown[]): TokenRecord | undefined {
  if (typeof untilMs !== 'number' || typeof lengthMs !== 'number' || !isRecord(value)) return undefined;
  if (typeof value.token !== 'string' || typeof value.expiresAt !== 'number') return undefined;
  // It was checked before it was sealed, by this package, and what does not open is not believed.
  return { value: value as unknown as ConnectTokenResponse, lengthMs, untilMs };
}

function readRefusal([untilMs, facts]: readonly unknown[]): RefusalRecord | undefined {
  if (typeof untilMs !== 'number' || !isRecord(facts) || typeof facts.message !== 'string') return undefined;
  const status = typeof facts.status === 'number' ? facts.status : 0;
  return { untilMs, error: toConnectError(new APIError(facts.message, { ...facts, status })) };
}
