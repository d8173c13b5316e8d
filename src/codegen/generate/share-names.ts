import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { canonicalJson } from '../../openapi/normalize/canonical.js';
import type { NodePath } from '../../openapi/normalize/node-path.js';
import { isRecord, listOf } from '../../util/is-record.js';
import { identifierOf, shortHash } from './identifier.js';

/** A schema that needs a name. */
export interface Nameable {
  readonly schema: JsonObject;
  /** The number of places for which each name is apt. */
  readonly hints: ReadonlyMap<string, number>;
  /** The name that it has already. */
  readonly component?: string | undefined;
}

/**
 * Gives each schema a name of its own: the one that suits most of its places.
 *
 * Schemas that would have one name get a short hash of what they are behind it, and not a number: what else the document
 * holds would decide which of them is number two.
 */
export function nameSchemas<T extends Nameable>(
  schemas: readonly T[],
  taken: ReadonlySet<string>,
): Map<T, string> {
  const names = new Map<T, string>();
  const wanted = new Map<string, T[]>();
  for (const schema of schemas) {
    if (schema.component === undefined) {
      const hints = [...schema.hints].sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1));
      const name = hints[0]?.[0] ?? 'Schema';
      wanted.set(name, [...(wanted.get(name) ?? []), schema]);
    } else names.set(schema, schema.component);
  }
  for (const [name, group] of wanted) {
    const [first, ...others] = group;
    if (first !== undefined && others.length === 0 && !taken.has(name)) names.set(first, name);
    else
      for (const named of group) {
        // The canonical form has no descriptions, so that a better text does not rename a type.
        names.set(named, `${name}_${shortHash(canonicalJson(named.schema))}`);
      }
  }
  return names;
}

/** Returns an apt name for a schema in one place: its title, the property that holds it, or the operation that it is for. */
export function hintOf(document: OpenApiDocument, schema: JsonObject, place: NodePath | undefined): string {
  return typeof schema.title === 'string' ? pascal(schema.title) : hintOfPlace(document, place);
}

function hintOfPlace(document: OpenApiDocument, place: NodePath | undefined): string {
  if (place === undefined) return 'Schema';
  const around = () => hintOfPlace(document, place.parent);
  switch (place.keyword) {
    case 'items':
      return singular(around());
    case 'additionalProperties':
    case 'patternProperties':
      return `${singular(around())}Value`;
    case 'oneOf':
    case 'anyOf':
      return `${around()}Variant`;
    case 'allOf':
    case 'content':
    case 'schema':
      return around();
    case 'requestBody':
      return `${around()}Body`;
    case 'responses':
      return place.parent?.keyword === 'components' ? pascal(place.step ?? '') : `${around()}Response`;
    case 'parameters':
      return pascal(parameterName(document, place));
    default:
      return place.step === undefined
        ? pascal(operationId(document, place) ?? place.keyword)
        : pascal(place.step);
  }
}

function parameterName(document: OpenApiDocument, { parent, step = '' }: NodePath): string {
  if (parent?.keyword === 'components') return step;
  const item = document.paths[parent?.step ?? parent?.parent?.step ?? ''];
  const holder = parent?.step === undefined ? item?.[parent?.keyword ?? ''] : item;
  const parameter = isRecord(holder) ? listOf(holder.parameters)[Number(step)] : undefined;
  return isRecord(parameter) ? String(parameter.name ?? 'parameter') : 'parameter';
}

function operationId(document: OpenApiDocument, { parent, keyword }: NodePath): string | undefined {
  const item = parent?.keyword === 'paths' ? document.paths[parent.step ?? ''] : undefined;
  const operation = item?.[keyword];
  return isRecord(operation) ? String(operation.operationId) : undefined;
}

function pascal(name: string): string {
  const identifier = identifierOf(name.replaceAll(/[^A-Za-z0-9]+/g, '-'));
  const [start = ''] = /^_*/.exec(identifier) ?? [];
  const rest = identifier.slice(start.length).replace(/_$/, '');
  return rest === ''
    ? 'Schema'
    : `${/^\d/.test(rest) ? '_' : ''}${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
}

function singular(name: string): string {
  if (/ies$/.test(name)) return name.replace(/ies$/, 'y');
  return /[^s]s$/.test(name) ? name.slice(0, -1) : `${name}Item`;
}
