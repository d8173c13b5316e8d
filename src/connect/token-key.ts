import { isRecord } from '../is-record.js';
import { toPlainJson } from '../plain-json.js';
import type { ConnectTokenParams } from './types.js';

/** Parameters whose order has no meaning. */
const SETS: ReadonlySet<string> = new Set(['scopes', 'audience', 'resources']);

/** A token request, taken down at the moment of the call so that a later change of the caller's object changes nothing. */
export interface TokenRequest {
  /** Names connector and parameters; the same for every order of fields and of set-like arrays. */
  readonly argumentsKey: string;
  /** What is sent, but for the buffer. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Takes down connector and parameters, with the default scopes filled in.
 *
 * The buffer is left out: it says how fresh the token must be, not which token it is. Fields that this package does not
 * know are sent and keyed as they are, so that nothing of the caller's is lost and nothing is shared by mistake.
 *
 * @throws {InvalidArgumentError} When the parameters are no plain JSON.
 */
export function takeDown(connector: string, params: ConnectTokenParams): TokenRequest {
  const { validityBufferMs: _, ...wanted } = params;
  const plain = toPlainJson('params', { ...wanted, scopes: params.scopes ?? ['*'] });
  const body = isRecord(plain) ? plain : {};
  // An array of two texts: neither can reach into the other, whatever a caller smuggles into the parameters.
  return { argumentsKey: JSON.stringify([connector, canonicalJson(body, true)]), body };
}

/** The full key of a token: where it came from, who asked, and what was asked. */
export function tokenKey(origin: string, identity: string, argumentsKey: string): string {
  return JSON.stringify([origin, identity, argumentsKey]);
}

function canonicalJson(value: unknown, top = false): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalField(field, value[field], top)}`).join()}}`;
}

function canonicalField(field: string, value: unknown, top: boolean): string {
  return top && SETS.has(field) && Array.isArray(value)
    ? canonicalJson([...value].sort())
    : canonicalJson(value);
}
