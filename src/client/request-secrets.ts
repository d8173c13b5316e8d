import { isRecord } from '../util/is-record.js';
import type { UntypedInit } from './call.js';

/** Names under which a secret is sent, whether of a header, a query parameter or a field of a body. */
const SECRET_NAME =
  /token|secret|password|passphrase|assertion|authorization|cookie|api[-_]?key|private[-_]?key|verifier|^value$/i;
const MAX_DEPTH = 8;
const MAX_SECRETS = 200;

/**
 * What a call sends that must not be shown if the server, a proxy or a failing `fetch` echoes it: values of headers, query
 * parameters and body fields (of an API key that is stored, the `value`) whose name says that they are secret. The bearer is known to the auth stage.
 *
 * @param headers - Those of the client, sent with every call.
 */
export function secretsOf(init: UntypedInit, headers: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  const own = init.headers instanceof Headers ? Object.fromEntries(init.headers) : init.headers;
  for (const part of [headers, own, init.params?.header, init.params?.query, init.params?.path, init.body])
    collect(part, found, 0);
  return found;
}

function collect(value: unknown, found: string[], depth: number): void {
  if (depth > MAX_DEPTH || found.length >= MAX_SECRETS) return;
  if (Array.isArray(value)) for (const item of value) collect(item, found, depth + 1);
  // Bytes hold no names, and there may be millions of them.
  if (!isRecord(value) || ArrayBuffer.isView(value)) return;
  for (const [name, field] of Object.entries(value)) {
    if (typeof field !== 'string') collect(field, found, depth + 1);
    else if (SECRET_NAME.test(name)) found.push(field);
  }
}
