import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { canonicalJson } from '../../openapi/normalize/canonical.js';
import type { NodePath } from '../../openapi/normalize/node-path.js';
import { rewrite, rewriteSchema, type Visitor } from '../../openapi/normalize/walk.js';
import { referenceTo } from '../../openapi/references.js';
import { mappedIn } from './discriminators.js';
import { hintOf, nameSchemas } from './share-names.js';

/** Options of {@link shareSchemas}. */
export interface ShareOptions {
  /** Schemas of fewer characters of JSON stay where they are: a reference to one would be no shorter. Default 100. */
  readonly minSize?: number;
  /** Whether every body of a request or a success becomes a component, for editors and errors to name. Default `false`. */
  readonly nameBodies?: boolean;
}

// What is said of a place and not of the schema that stands there: it stays beside the reference.
const OF_THE_PLACE: ReadonlySet<string> = new Set([
  'description',
  'title',
  'example',
  'examples',
  'externalDocs',
  'deprecated',
  'default',
  'readOnly',
  'writeOnly',
]);

/** One schema, wherever it stands. */
interface Known {
  /** The schema without what belongs to its place. */
  readonly schema: JsonObject;
  /** The places that hold it, but those inside of a schema that was seen before. */
  uses: number;
  readonly size: number;
  readonly hints: Map<string, number>;
  readonly number: number;
  /** The component that it is, under its name. */
  component?: string | undefined;
  /** Whether it is the whole body of a request or a success. */
  isBody?: boolean;
}

/** The schemas of a document, by content and by node. */
interface Survey {
  readonly byKey: Map<string, Known>;
  readonly byNode: Map<object, Known>;
}

/**
 * Moves each schema that stands in several places to `components.schemas`, and puts references in its places.
 *
 * Schemas are one when they are equal up to the order of keys and what they say to people, or a better text would move types
 * about: the words of the first are kept. What is said of the place, such as the description of a property, stays there. A schema that only ever stands inside of one that is shared is not moved out of it.
 * Names come from titles, property names and operation ids; see {@link hintOf}.
 */
export function shareSchemas(
  document: OpenApiDocument,
  { minSize = 100, nameBodies = false }: ShareOptions = {},
): OpenApiDocument {
  const survey = surveySchemas(document);
  const shared = [...survey.byKey.values()].filter(
    (known) =>
      (nameBodies && known.isBody === true) ||
      (known.size >= minSize && (known.component !== undefined || known.uses > 1)),
  );
  const names = nameSchemas(shared, new Set(Object.keys(document.components?.schemas ?? {})));
  const refer: Visitor = {
    enter: (shape, node, place) => {
      const known = shape === 'schema' ? survey.byNode.get(node) : undefined;
      const name = known && names.get(known);
      if (name === undefined || !isMovable(node, place)) return node;
      if (isComponent(place) && place?.step === name) return node;
      return { $ref: referenceTo('schemas', name), ...splitPlace(node)[1] };
    },
  };
  const own = rewrite(document, refer);
  const added: Record<string, unknown> = {};
  const moved = [...names].filter(([known]) => known.component === undefined);
  // A copy, which the visitor does not know: it would replace the schema by a reference to itself.
  for (const [known, name] of moved.sort(([, left], [, right]) => (left < right ? -1 : 1)))
    added[name] = rewriteSchema({ ...known.schema }, refer);
  if (moved.length === 0) return own;
  const schemas = { ...own.components?.schemas, ...added };
  // Every schema that was added is an object.
  return { ...own, components: { ...own.components, schemas } } as OpenApiDocument;
}

/** Finds which schemas are one. Inner ones are found first, so that an outer one is compared by their numbers alone. */
function surveySchemas(document: OpenApiDocument): Survey {
  const survey: Survey = { byKey: new Map(), byNode: new Map() };
  const memo = new WeakMap<object, string>();
  const below: Known[][] = [];
  // Each branch of a discriminator has its own value of the discriminator's property, so it is not one with another
  // component, even if both are equal.
  const branches = new Set<string>();
  rewrite(document, {
    enter: (shape, node) => {
      if (shape === 'schema') for (const reference of mappedIn(node)) branches.add(reference);
      return node;
    },
  });
  const branchOf = (place: NodePath | undefined) => {
    const name = isComponent(place) ? (place?.step ?? '') : '';
    return branches.has(referenceTo('schemas', name)) ? name : '';
  };
  rewrite(document, {
    enter: (shape, node) => {
      if (shape === 'schema') below.push([]);
      return node;
    },
    leave: (shape, node, place) => {
      if (shape !== 'schema') return node;
      const children = below.pop() ?? [];
      const around = below.at(-1);
      if (!isMovable(node, place)) {
        around?.push(...children);
        return node;
      }
      const known = knowSchema(survey, memo, node, children, branchOf(place));
      // Of several names for one schema, the first in order.
      if (isComponent(place))
        [known.component] = [known.component, place?.step].filter((name) => name !== undefined).sort();
      if (isBody(node, place)) known.isBody = true;
      const hint = hintOf(document, node, place);
      known.hints.set(hint, (known.hints.get(hint) ?? 0) + 1);
      if (around === undefined) known.uses++;
      else around.push(known);
      return node;
    },
  });
  return survey;
}

/** Whether a schema with fields is the body of a request or of a success, or the items of one that is a list. */
function isBody(node: JsonObject, place: NodePath | undefined): boolean {
  if (node.properties === undefined && node.oneOf === undefined && node.anyOf === undefined) return false;
  const media = place?.keyword === 'items' ? place.parent : place;
  const holder =
    media?.keyword === 'schema' && media.parent?.keyword === 'content' ? media.parent.parent : undefined;
  if (holder?.keyword === 'requestBody') return true;
  return holder?.keyword === 'responses' && /^(?:2|default)/.test(holder.step ?? '');
}

/** A branch of `allOf` says something only together with the object around it; generators look into it for `required`. */
function isMovable(node: JsonObject, place: NodePath | undefined): boolean {
  return node.$ref === undefined && place?.keyword !== 'allOf';
}

function knowSchema(
  { byKey, byNode }: Survey,
  memo: WeakMap<object, string>,
  node: JsonObject,
  children: readonly Known[],
  branch: string,
): Known {
  const before = byNode.get(node);
  if (before !== undefined) return before;
  const [schema] = splitPlace(node);
  const key = canonicalJson(schema, { memo });
  const identity = `${branch} ${key}`;
  let known = byKey.get(identity);
  if (known === undefined) {
    // What stands inside of a schema that was seen before is not one more use: it goes where the outer one goes.
    for (const child of children) child.uses++;
    const size = children.reduce((sum, child) => sum + child.size, key.length);
    known = { schema, uses: 0, size, hints: new Map(), number: byKey.size };
    byKey.set(identity, known);
  }
  byNode.set(node, known);
  // Of one width, or the number of a schema would count in the size of the one around it.
  memo.set(node, `#${String(known.number).padStart(6, '0')}`);
  return known;
}

/** Splits what is said of a schema from what is said of its place. */
function splitPlace(node: JsonObject): [schema: JsonObject, docs: JsonObject | undefined] {
  const entries = Object.entries(node);
  const docs = entries.filter(([key]) => OF_THE_PLACE.has(key));
  if (docs.length === 0) return [node, undefined];
  return [Object.fromEntries(entries.filter(([key]) => !OF_THE_PLACE.has(key))), Object.fromEntries(docs)];
}

function isComponent(place: NodePath | undefined): boolean {
  return place?.keyword === 'schemas' && place.parent?.keyword === 'components';
}
