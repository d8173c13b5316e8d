import { fromFragment, valueAt } from '../../openapi/json-pointer.js';
import { referencesIn } from '../../openapi/references.js';
import { isRecord } from '../../util/is-record.js';
import { withoutProse } from './docs.js';
import { buildIds } from './ids.js';
import { canonical } from './interner.js';
import { buildShape } from './shape.js';
import type { Ids, Json, Schema, Shape, View } from './types.js';

const NOTHING: Json = {};
const LOOP: Ids = { core: 0, full: 0, nullable: false };
const EMPTY: Shape = {
  type: undefined,
  nullable: false,
  enum: undefined,
  properties: new Map(),
  required: new Set(),
  additional: undefined,
  items: undefined,
  prefix: [],
  patterns: new Map(),
  union: [],
  constraints: new Map(),
  docs: new Map(),
};

/**
 * Looks at a document without changing it; what is worked out for a node is kept for as long as the view.
 *
 * @param intern - Shared by the views of a comparison, so that their ids can be compared.
 */
export function createView(document: Json, intern: (text: string) => number): View {
  const shapes = new WeakMap<Json, Shape>();
  const ids = new WeakMap<Json, Ids>();
  const recursion = createRecursion(document);
  const view: View = {
    document,
    resolve: (node) => resolve(document, node),
    shape: (schema) => remember(shapes, schema, EMPTY, (own) => buildShape(view, own)),
    ids: (schema) =>
      remember(ids, schema, LOOP, (own) => {
        const loop = recursion(own);
        if (loop === undefined) return buildIds(view, view.shape(own), intern);
        // A schema that contains itself has no finite text; the text of everything that it leads to stands for it.
        return { core: intern(loop.core), full: intern(loop.full), nullable: false };
      }),
  };
  return view;
}

/** A schema of one part says the same wherever it stands, so its places are seen from the part itself. */
function remember<T>(known: WeakMap<Json, T>, schema: Schema, meanwhile: T, make: (own: Schema) => T): T {
  const [part, ...others] = schema;
  if (part === undefined || others.length > 0) return make(schema);
  const present = known.get(part.node);
  if (present !== undefined) return present;
  // Whoever asks again before there is an answer went round a loop that no value can satisfy.
  known.set(part.node, meanwhile);
  const made = make([{ node: part.node, at: [] }]);
  known.set(part.node, made);
  return made;
}

/** Follows references; a hostile or broken one ends in an empty object, for a flawed document is compared all the same. */
function resolve(document: Json, node: unknown): Json {
  let current = node;
  for (let depth = 0; depth < 32 && isRecord(current); depth++) {
    if (typeof current.$ref !== 'string') return current;
    current = lookUp(document, current.$ref);
  }
  return NOTHING;
}

function lookUp(document: Json, reference: string): unknown {
  return reference.startsWith('#/') ? valueAt(document, fromFragment(reference)) : undefined;
}

/** Tells a reference to a schema that leads back to itself from others, and what stands for it. */
function createRecursion(document: Json): (schema: Schema) => Loop | undefined {
  const found = new Map<string, Loop | undefined>();
  return ([part]) => {
    const reference = part?.node.$ref;
    if (typeof reference !== 'string') return undefined;
    if (!found.has(reference)) found.set(reference, textOfLoop(document, reference));
    return found.get(reference);
  };
}

/** The text of all that a schema leads to, without prose and with it. */
interface Loop {
  readonly core: string;
  readonly full: string;
}

function textOfLoop(document: Json, reference: string): Loop | undefined {
  const reached = new Map<string, unknown>();
  const queue = [reference];
  let loops = false;
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    const target = reached.get(from) ?? lookUp(document, from);
    for (const to of referencesIn(target)) {
      if (to === reference) loops = true;
      if (reached.has(to)) continue;
      reached.set(to, lookUp(document, to));
      queue.push(to);
    }
  }
  if (!loops) return undefined;
  const textOf = (say: (node: unknown) => unknown) => {
    const texts = [...reached].map(([name, node]) => `${name}=${canonical(say(node))}`).sort();
    return `loop ${reference} ${texts.join(';')}`;
  };
  return { core: textOf(withoutProse), full: textOf((node) => node) };
}
