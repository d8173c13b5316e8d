import { InvalidArgumentError } from '../errors/index.js';
import { FETCH_OPTION_NAMES, type FetchOptions } from '../transport/fetch-options.js';
import { isRecord } from '../util/is-record.js';
import { describeKind } from '../util/redact.js';
import { checkOptionNames } from './option-names.js';

const SET_ELSEWHERE: Readonly<Record<string, string>> = {
  ...{ method: 'is that of the operation', body: 'give body on the call', headers: 'give headers' },
  ...{ signal: 'give signal on the call', redirect: 'is decided by the client' },
};

/** @throws {InvalidArgumentError} For what `fetch` does not take, and for what is set elsewhere. */
export function checkFetchOptions(given: unknown): FetchOptions {
  if (given === undefined) return {};
  if (!isRecord(given))
    throw new InvalidArgumentError('fetchOptions', `must be an object, got ${describeKind(given)}`);
  checkOptionNames(given, FETCH_OPTION_NAMES, { prefix: 'fetchOptions.', instead: SET_ELSEWHERE });
  try {
    new Request('https://localhost/', given as RequestInit); // It checks what it knows, and ignores the rest.
  } catch (cause) {
    throw new InvalidArgumentError('fetchOptions', 'has a value that fetch does not take', { cause });
  }
  return given;
}
