import { InvalidArgumentError } from '../errors/index.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { hasLoneSurrogate } from '../util/lone-surrogate.js';
import { describeValue } from '../util/redact.js';
import { isPlainObject, segmentOf } from './call-parameters.js';

/**
 * Checks that each placeholder of a path template has a value that stays one segment of the path.
 *
 * `''`, `.` and `..` are valid characters of a segment, but URL parsers collapse them (WHATWG URL, "shorten a path"), so
 * that the request would reach another operation. A lone surrogate cannot be percent-encoded. Everything else is sent
 * encoded, and the server decides.
 *
 * @param template - E.g. `/v1/connect/token/{connector}`.
 * @param values - The call's `params.path`.
 * @throws {InvalidArgumentError} Naming the parameter.
 */
export function checkPathParameters(
  template: string,
  values: Readonly<Record<string, unknown>>,
  operation?: OperationInfo,
): void {
  for (const [, name = ''] of template.matchAll(/\{([^{}]+)\}/g)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!isOneSegment(name, value, operation)) {
      throw new InvalidArgumentError(
        `params.path.${name}`,
        `must be a non-empty string other than "." and "..", got ${describeValue(value)}`,
      );
    }
  }
}

function isOneSegment(name: string, value: unknown, operation: OperationInfo | undefined): boolean {
  if (Array.isArray(value) || isPlainObject(value)) {
    // What is absent in an object is left out; a list has no absent items.
    const held = Array.isArray(value) ? value : Object.values(value).filter((one) => (one ?? null) !== null);
    if (!held.every(isLeaf)) return false;
  } else if (!isLeaf(value)) return false;
  return !['', '.', '..'].includes(segmentOf(name, value, operation));
}

/** Returns whether a value has a text that can be encoded. */
function isLeaf(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return true;
  return typeof value === 'string' && !hasLoneSurrogate(value);
}

/**
 * Checks that a URL has as many segments as its template. Whatever the values are, and however URL parsers read them, the
 * request must not reach another operation.
 *
 * @throws {InvalidArgumentError}
 */
export function checkSegments(url: string, template: string): void {
  const query = url.indexOf('?');
  const [path = template] = template.split('?', 1);
  if (slashes(query < 0 ? url : url.slice(0, query)) === slashes(path)) return;
  throw new InvalidArgumentError('params.path', 'would lead the request to another path of the API');
}

function slashes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) count++;
  return count;
}
