import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import type { Place } from '../../openapi/normalize/place.js';
import { rewrite } from '../../openapi/normalize/walk.js';
import { reachableFrom } from '../../openapi/references.js';

/**
 * Opens the enums of strings that a response may hold: `enum` becomes `x-extensible-enum`, with `string` as its type.
 *
 * An API adds values to its answers without warning, and a program that was compiled against a closed list would be told
 * that it has handled every case. An enum of one value stays closed, since it tells the branches of a union apart; so does
 * one that only a request holds, where a value that is not listed is an error. A component that both hold is opened.
 */
export function openResponseEnums(document: OpenApiDocument): OpenApiDocument {
  const answered = componentsInResponses(document);
  return rewrite(document, {
    leave: (shape, node, place) =>
      shape === 'schema' && Array.isArray(node.enum) && isInResponse(place, answered) ? open(node) : node,
  });
}

function open(schema: JsonObject): JsonObject {
  const { enum: values, ...rest } = schema;
  if (!Array.isArray(values)) return schema;
  const known = values.filter((value) => value !== null);
  if (known.length < 2 || known.some((value) => typeof value !== 'string')) return schema;
  const type = known.length < values.length ? ['string', 'null'] : 'string';
  return { ...rest, type, 'x-extensible-enum': known };
}

/** Whether a place is below a response, or in a component that a response leads to. */
function isInResponse(place: Place | undefined, answered: ReadonlySet<string>): boolean {
  const owner = ownerOf(place);
  return owner === 'response' || (owner !== undefined && answered.has(owner));
}

/** What a schema belongs to: a response, a request (nothing is returned), or a component, whose pointer is returned. */
function ownerOf(place: Place | undefined): string | undefined {
  let component: string | undefined;
  for (let at = place; at !== undefined; at = at.parent) {
    // Only operations and components have this keyword; a property of that name has the keyword `properties`.
    if (at.keyword === 'responses') return 'response';
    if (at.parent?.keyword === 'components') component = `#/components/${at.keyword}/${at.step}`;
  }
  return component;
}

/** The pointers of the components that responses lead to, over however many others. */
function componentsInResponses(document: OpenApiDocument): Set<string> {
  const responses: unknown[] = [];
  rewrite(document, {
    enter: (shape, node) => {
      if (shape === 'response') responses.push(node);
      return node;
    },
  });
  return reachableFrom(document, responses);
}
