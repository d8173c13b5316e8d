import { isRecord, listOf, recordOf } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import type { PageShape } from './operation-info.js';
import { dereference } from './references.js';
import type { WalkedOperation } from './walk-operations.js';

/**
 * The parameters that take `pagination.next`, the most specific first.
 *
 * Connect has `cursor`; access groups and backups `next`; the older lists `until`, a time in milliseconds; projects
 * `from`. Source: https://vercel.com/docs/rest-api#pagination and the lists of the published document.
 */
export const NEXT_PARAMETERS = ['cursor', 'next', 'until', 'from'] as const;

/**
 * Finds the pagination of a list: the parameter that takes `pagination.next`, and the field of the response with the items.
 *
 * @returns `undefined` for a response without `pagination.next`, and for an operation without a parameter for it.
 */
export function pageShapeOf(
  document: OpenApiDocument,
  { path, parameters, operation }: WalkedOperation,
): PageShape | undefined {
  const query = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name));
  const parameter = NEXT_PARAMETERS.find((name) => query.has(name));
  const responses = recordOf(operation.responses);
  if (parameter === undefined || responses['200'] === undefined) return undefined;
  const { content } = dereference(document, responses['200']);
  const media = isRecord(content) ? content['application/json'] : undefined;
  const schema = isRecord(media) ? media.schema : undefined;
  const bodies = variantsOf(document, schema).filter(({ pagination }) => hasNext(document, pagination));
  const fields = bodies.flatMap(Object.entries).flatMap(([name, node]) => {
    const field = isRecord(node) ? dereference(document, node) : {};
    if (field.type !== 'array') return [];
    const item = isRecord(field.items) ? dereference(document, field.items) : {};
    return [{ name, holdsObjects: item.type !== 'string' && item.type !== 'number' }];
  });
  // Team members come beside a list of invite codes: the items have the name of the end of the path, or come first.
  const last = path.split('/').findLast((segment) => segment !== '' && !segment.startsWith('{'));
  const named = fields.find(({ name }) => name === last);
  const items = named ?? fields.find(({ holdsObjects }) => holdsObjects) ?? fields[0];
  return items === undefined ? undefined : { parameter, items: items.name };
}

/** Whether a `pagination` may have a `next` that a parameter takes: other APIs have `next_page`, or the address of the next page. */
function hasNext(document: OpenApiDocument, pagination: unknown): boolean {
  if (pagination === undefined) return false;
  const declared = variantsOf(document, pagination);
  // It says nothing of its fields.
  if (declared.every((properties) => Object.keys(properties).length === 0)) return true;
  return declared.some(({ next }) => {
    if (!isRecord(next)) return next === true;
    const { format, type } = dereference(document, next);
    return !/^(?:uri|url)/.test(String(format)) && type !== 'boolean' && type !== 'object';
  });
}

/** Lists the properties of each object that a body can be. */
function variantsOf(document: OpenApiDocument, schema: unknown, depth = 0): JsonObject[] {
  if (!isRecord(schema) || depth > 4) return [];
  const whole = dereference(document, schema);
  const own = isRecord(whole.properties) ? [whole.properties] : [];
  const inner = [...listOf(whole.oneOf), ...listOf(whole.anyOf), ...listOf(whole.allOf)];
  return [...own, ...inner.flatMap((variant) => variantsOf(document, variant, depth + 1))];
}
