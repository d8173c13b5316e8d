import { inspect } from 'node:util';
import { safeText } from '../util/redact.js';

/**
 * The cause of a failure, fit to hang on an error that will be logged.
 *
 * Most causes are the runtime's own and are kept as they are. A caller's `fetch` may throw an error that holds the whole
 * request, credential included: of such a one, name, code and masked message are kept.
 *
 * @param secrets - Values that must not be shown.
 */
export function safeCause(cause: unknown, secrets: readonly string[]): unknown {
  if (!shows(cause, secrets)) return cause;
  if (!(cause instanceof Error)) return safeText(String(cause), secrets);
  const copy = new Error(safeText(cause.message, secrets));
  copy.name = safeText(cause.name, secrets);
  // The stack begins with the message that was masked.
  copy.stack = `${copy.name}: ${copy.message}`;
  return 'code' in cause ? Object.assign(copy, { code: safeText(String(cause.code), secrets) }) : copy;
}

function shows(value: unknown, secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false;
  const shown = inspect(value, {
    depth: 12,
    showHidden: true,
    maxStringLength: 100_000,
    breakLength: Number.POSITIVE_INFINITY,
  });
  return secrets.some((secret) => shown.includes(secret));
}
