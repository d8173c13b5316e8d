import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import type { PageShape } from './operation-info.js';
import { dereference } from './references.js';
import { list, type WalkedOperation } from './walk-operations.js';

/**
 * The parameters that take `pagination.next`, the most telling first.
 *
 * Connect has `cursor`; access groups and backups `next`; the older lists `until`, a time in milliseconds; projects
 * `from`. Source: https://vercel.com/docs/rest-api#pagination and the lists of the published document.
 */
export const NEXT_PARAMETERS = ['cursor', 'next', 'until', 'from'] as const;

/**
 * How a list goes on: which parameter takes `pagination.next`, and which field of the answer holds the items.
 *
 * @returns `undefined` for what is no list in pages: an answer without `pagination`, or no parameter for the next one.
 */
export function pageShapeOf(
  document: OpenApiDocument,
  { path, parameters, operation }: WalkedOperation,
): PageShape | undefined {
  const query = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name));
  const parameter = NEXT_PARAMETERS.find((name) => query.has(name));
  const responses = isRecord(operation.responses) ? operation.responses : {};
  if (parameter === undefined || responses['200'] === undefined) return undefined;
  const bodies = variantsOf(document, bodySchema(document, responses['200'])).filter(
    (properties) => properties.pagination !== undefined,
  );
  const fields = bodies.flatMap((properties) => arrayFields(document, properties));
  const items = chooseItems(fields, path);
  return items === undefined ? undefined : { parameter, items };
}

function bodySchema(document: OpenApiDocument, response: unknown): unknown {
  const { content } = dereference(document, response);
  const media = isRecord(content) ? content['application/json'] : undefined;
  return isRecord(media) ? media.schema : undefined;
}

/** The properties of each object that a body can be. */
function variantsOf(document: OpenApiDocument, schema: unknown, depth = 0): JsonObject[] {
  if (!isRecord(schema) || depth > 4) return [];
  const whole = dereference(document, schema);
  const own = isRecord(whole.properties) ? [whole.properties] : [];
  const inner = [...list(whole.oneOf), ...list(whole.anyOf), ...list(whole.allOf)];
  return [...own, ...inner.flatMap((variant) => variantsOf(document, variant, depth + 1))];
}

interface ArrayField {
  readonly name: string;
  readonly holdsObjects: boolean;
}

function arrayFields(document: OpenApiDocument, properties: JsonObject): ArrayField[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const schema = isRecord(node) ? dereference(document, node) : {};
    if (schema.type !== 'array') return [];
    const item = isRecord(schema.items) ? dereference(document, schema.items) : {};
    return [{ name, holdsObjects: item.type !== 'string' && item.type !== 'number' }];
  });
}

/** Team members come beside a list of invite codes: the list is called like the end of its path, or comes first. */
function chooseItems(fields: readonly ArrayField[], path: string): string | undefined {
  const last = path.split('/').findLast((segment) => segment !== '' && !segment.startsWith('{'));
  const named = fields.find(({ name }) => name === last);
  return (named ?? fields.find(({ holdsObjects }) => holdsObjects) ?? fields[0])?.name;
}
