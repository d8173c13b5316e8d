import type { ContractOperation, JsonSchema } from '../../openapi/contract-types.js';
import { NEXT_PARAMETERS } from '../../openapi/page-shape.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import { toSchema } from '../validate/schema-source.js';
import { typesOf } from '../validate/schema-types.js';
import type { Schemas } from '../validate/validator.js';

/** Unions in unions that are looked into. */
const MAX_NESTING = 4;

/** The query parameter that takes `pagination.next`; `undefined` for an operation that does not come in pages. */
export function pageParameterOf({ method, parameters }: ContractOperation): string | undefined {
  if (method !== 'GET') return undefined;
  const names = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name));
  return NEXT_PARAMETERS.find((name) => names.has(name));
}

/** The form of a body that is a page, and the names of its lists; `undefined` where no form is. */
export function pageFormOf(
  schema: JsonSchema,
  schemas: Schemas,
  depth = 0,
): { readonly schema: JsonSchema; readonly lists: readonly string[] } | undefined {
  const resolved = schemas.resolve(schema);
  if (typeof resolved === 'boolean' || depth > MAX_NESTING) return undefined;
  const properties = recordOf(resolved.properties);
  if (Object.hasOwn(properties, 'pagination')) {
    const isList = (name: string) => typesOf(schemas.resolve(toSchema(properties[name]))).has('array');
    const lists = Object.keys(properties).filter(isList);
    return { schema: { allOf: [resolved, { required: ['pagination', ...lists] }] }, lists };
  }
  const branches = [...listOf(resolved.oneOf), ...listOf(resolved.anyOf), ...listOf(resolved.allOf)];
  for (const branch of branches) {
    const form = pageFormOf(toSchema(branch), schemas, depth + 1);
    if (form !== undefined) return form;
  }
  return undefined;
}

type PageBody = Readonly<Record<string, unknown>> & {
  readonly pagination: Readonly<Record<string, unknown>>;
};

/** Whether a body is a page: where it goes on, and its lists, or any list where they have no names. */
export function isPage(body: unknown, lists: readonly string[] = []): body is PageBody {
  if (!isRecord(body) || !isRecord(body.pagination)) return false;
  return Object.values(body).some(Array.isArray) && lists.every((name) => Array.isArray(body[name]));
}

/**
 * Says in a page where the list goes on, as far as the document allows that.
 *
 * @param next - A place in the list; `undefined` for its end.
 * @returns The page as it was, where the document has no way to say so.
 */
export function withNext(
  page: PageBody,
  next: number | undefined,
  isValid: (body: unknown) => boolean,
): PageBody {
  const { next: _, hasNext, ...rest } = page.pagination;
  const flag = hasNext === undefined ? {} : { hasNext: next !== undefined };
  // A cursor is a text or a time; the end is null, or the lack of one.
  const places = next === undefined ? [{ next: null }, {}] : [{ next: String(next) }, { next }];
  const pages = places.map((place): PageBody => ({ ...page, pagination: { ...rest, ...flag, ...place } }));
  return pages.find(isValid) ?? page;
}
