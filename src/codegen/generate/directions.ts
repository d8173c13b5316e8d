import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import type { NodePath } from '../../openapi/normalize/node-path.js';
import { rewrite, rewriteSchema, type Visitor } from '../../openapi/normalize/walk.js';
import {
  componentAt,
  componentNameOf,
  reachableFrom,
  referencesIn,
  referenceTo,
} from '../../openapi/references.js';
import { isRecord } from '../../util/is-record.js';
import { mappedIn } from './discriminators.js';
import { shortHash } from './identifier.js';

/** Which way a schema travels. */
type Direction = 'request' | 'response';

/**
 * Gives requests and responses types of their own where they mean different things.
 *
 * - Responses are open: an API adds values to an enum without warning, and a program that was compiled against a closed
 *   list would handle every case by mistake. `enum` becomes `x-extensible-enum`. An enum of one value stays
 *   closed, since it tells the branches of a union apart. `writeOnly` fields are not required.
 * - Requests are closed: a value that is not listed is an error. `readOnly` fields are not required.
 *
 * A component that both use and that differs, or that leads to one that does, becomes two: `Project` for responses and
 * `ProjectInput` for requests.
 */
export function separateDirections(document: OpenApiDocument): OpenApiDocument {
  const { requested, answered } = reachOfDirections(document);
  const split = componentsToSplit(document, requested, answered);
  const taken: object = document.components?.schemas ?? {};
  const inputNames = new Map(
    [...split].sort().map((pointer) => {
      const name = nameOf(pointer);
      const input = `${name}Input`;
      const free = Object.hasOwn(taken, input) ? `${input}_${shortHash(name)}` : input;
      return [pointer, referenceTo('schemas', free)];
    }),
  );
  const directionOf = (place: NodePath | undefined): Direction | undefined => {
    const owner = ownerOf(place);
    if (owner === 'request' || owner === 'response') return owner;
    if (owner === undefined) return undefined;
    // A component that both use keeps its name for responses; its copy for requests is made below.
    return answered.has(owner) ? 'response' : requested.has(owner) ? 'request' : undefined;
  };
  const own = rewrite(document, {
    leave: (shape, node, place) =>
      shape === 'schema' ? inDirection(node, directionOf(place), inputNames) : node,
  });
  const requestVisitor: Visitor = {
    leave: (shape, node) => (shape === 'schema' ? inDirection(node, 'request', inputNames) : node),
  };
  const inputs = [...inputNames].map(([pointer, to]) => {
    const component = componentAt(document, pointer) ?? {};
    return [nameOf(to), rewriteSchema({ ...component }, requestVisitor)] as const;
  });
  if (inputs.length === 0) return own;
  const schemas = { ...own.components?.schemas, ...Object.fromEntries(inputs) };
  return { ...own, components: { ...own.components, schemas } };
}

function inDirection(
  node: JsonObject,
  direction: Direction | undefined,
  inputNames: ReadonlyMap<string, string>,
): JsonObject {
  if (direction === 'response') return withoutRequired(openEnum(node), 'writeOnly');
  return direction === 'request' ? withoutRequired(renameReferences(node, inputNames), 'readOnly') : node;
}

function openEnum(schema: JsonObject): JsonObject {
  const { enum: values, ...rest } = schema;
  if (!Array.isArray(values)) return schema;
  const known = values.filter((value) => value !== null);
  if (known.length < 2 || known.some((value) => typeof value !== 'string')) return schema;
  const type = known.length < values.length ? ['string', 'null'] : 'string';
  return { ...rest, type, 'x-extensible-enum': known };
}

/** A field that the other side alone writes cannot be demanded of this one. */
function withoutRequired(schema: JsonObject, marker: 'readOnly' | 'writeOnly'): JsonObject {
  const { required, properties } = schema;
  if (!Array.isArray(required) || !isRecord(properties)) return schema;
  const kept = required.filter((name) => {
    const property = properties[String(name)];
    return !isRecord(property) || property[marker] !== true;
  });
  return kept.length === required.length ? schema : { ...schema, required: kept };
}

function renameReferences(schema: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const { $ref, discriminator } = schema;
  const renamed = typeof $ref === 'string' ? names.get($ref) : undefined;
  if (renamed !== undefined) return { ...schema, $ref: renamed };
  if (!isRecord(discriminator) || !isRecord(discriminator.mapping)) return schema;
  const mapping = Object.entries(discriminator.mapping).map(([value, to]) => [
    value,
    names.get(String(to)) ?? to,
  ]);
  return { ...schema, discriminator: { ...discriminator, mapping: Object.fromEntries(mapping) } };
}

/** The components that both directions lead to and that are not the same in both. */
function componentsToSplit(
  document: OpenApiDocument,
  requested: ReadonlySet<string>,
  answered: ReadonlySet<string>,
): Set<string> {
  const both = [...requested].filter((pointer) => answered.has(pointer));
  const leadsTo = new Map(
    both.map((pointer) => {
      const component = componentAt(document, pointer);
      return [pointer, [...referencesIn(component), ...mappedIn(component)]];
    }),
  );
  const none = new Map<string, string>();
  const differs = (pointer: string) => {
    let found = false;
    rewriteSchema(componentAt(document, pointer) ?? {}, {
      leave: (shape, node) => {
        if (shape === 'schema')
          found ||= (['request', 'response'] as const).some((way) => inDirection(node, way, none) !== node);
        return node;
      },
    });
    return found;
  };
  const split = new Set(both.filter(differs));
  // What leads to a component that is split is split as well, over however many others.
  for (let before = -1; before !== split.size; ) {
    before = split.size;
    for (const [pointer, references] of leadsTo)
      if (references.some((reference) => split.has(reference))) split.add(pointer);
  }
  return split;
}

function nameOf(reference: string): string {
  return componentNameOf(reference)?.name ?? reference;
}

/** The pointers of the components that each direction leads to, over however many others. */
function reachOfDirections(document: OpenApiDocument): Record<'requested' | 'answered', Set<string>> {
  const requests: unknown[] = [];
  const responses: unknown[] = [];
  rewrite(document, {
    enter: (shape, node, place) => {
      const isInbound = rootOf(place) === 'webhooks';
      if (shape === 'response') (isInbound ? requests : responses).push(node);
      // A response's headers are parameters too.
      if (shape === 'body' || (shape === 'parameter' && place?.keyword === 'parameters'))
        (isInbound ? responses : requests).push(node);
      return node;
    },
  });
  return { requested: reachableFrom(document, requests), answered: reachableFrom(document, responses) };
}

/** The keyword of the document that a place stands below. */
function rootOf(place: NodePath | undefined): string | undefined {
  let at = place;
  while (at?.parent !== undefined) at = at.parent;
  return at?.keyword;
}

/** Returns whether a schema belongs to a request or to a response; for one of a component, the component's pointer. */
function ownerOf(place: NodePath | undefined): string | undefined {
  let component: string | undefined;
  for (let at = place; at !== undefined; at = at.parent) {
    // Only operations and components have these keywords; a property of that name has the keyword `properties`.
    const isAnswer = at.keyword === 'responses';
    if (isAnswer || ['requestBody', 'requestBodies', 'parameters'].includes(at.keyword))
      // The API itself calls a webhook.
      return isAnswer === (rootOf(place) !== 'webhooks') ? 'response' : 'request';
    if (at.parent?.keyword === 'components') component = referenceTo(at.keyword, at.step ?? '');
  }
  return component;
}
