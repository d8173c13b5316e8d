import type { OpenApiDocument } from '../../openapi/document.js';
import { fromFragment, valueAt } from '../../openapi/json-pointer.js';
import { dereference } from '../../openapi/references.js';
import { isRecord } from '../../util/is-record.js';
import { withoutProse } from './docs.js';
import { createExtending } from './heirs.js';
import { buildIds } from './ids.js';
import { canonical, recordOf, referencesInText } from './nodes.js';
import { buildShape } from './shape.js';
import type { Ids, Json, Schema, Shape, View } from './types.js';

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
  heirs: new Map(),
  constraints: new Map(),
  docs: new Map(),
};

/**
 * Looks at a document without changing it. The view keeps all that it derives from a node.
 *
 * @param intern - Shared by the views of a comparison, so that their ids can be compared.
 */
export function createView(document: Json, intern: (text: string) => number): View {
  const shapes = new WeakMap<Json, Shape>();
  const ids = new WeakMap<Json, Ids>();
  const derived = new WeakMap<Json, Map<string, Json>>();
  const loops = new Map<unknown, Ids | undefined>();
  const view: View = {
    document,
    resolve(node) {
      try {
        // A reference is followed in any JSON; the parts of an OpenAPI document are not needed.
        return isRecord(node) ? dereference(document as OpenApiDocument, node) : recordOf(node);
      } catch {
        return recordOf(undefined);
      }
    },
    derive(node, name, make) {
      const known = derived.get(node) ?? new Map<string, Json>();
      derived.set(node, known);
      const made = known.get(name) ?? make();
      known.set(name, made);
      return made;
    },
    extending: createExtending(document),
    shape: (schema) => remember(shapes, schema, EMPTY, (own) => buildShape(view, own)),
    ids: (schema) =>
      remember(ids, schema, LOOP, (own) => {
        const reference = own[0]?.node.$ref;
        if (typeof reference !== 'string') return buildIds(view, view.shape(own), intern);
        if (!loops.has(reference)) loops.set(reference, idsOfLoop(document, reference, intern));
        return loops.get(reference) ?? buildIds(view, view.shape(own), intern);
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
  // A second question before the first has its answer comes from a loop that no value can satisfy.
  known.set(part.node, meanwhile);
  const made = make([{ node: part.node, at: [] }]);
  known.set(part.node, made);
  return made;
}

/**
 * Numbers a reference to a schema that contains itself by the text of all that it leads to: its own text has no end.
 *
 * @returns `undefined` for any other reference.
 */
function idsOfLoop(document: Json, reference: string, intern: (text: string) => number): Ids | undefined {
  const targetOf = (name: string) =>
    name.startsWith('#/') ? valueAt(document, fromFragment(name)) : undefined;
  const reached = new Map<string, unknown>();
  const queue = [reference];
  let loops = false;
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    for (const to of referencesInText(JSON.stringify(reached.get(from) ?? targetOf(from)) ?? '')) {
      loops ||= to === reference;
      if (reached.has(to)) continue;
      reached.set(to, targetOf(to));
      queue.push(to);
    }
  }
  if (!loops) return undefined;
  const idOf = (read: (node: unknown) => unknown) => {
    const texts = [...reached].map(([name, node]) => `${name}=${canonical(read(node))}`).sort();
    return intern(`loop ${reference} ${texts.join(';')}`);
  };
  return { core: idOf(withoutProse), full: idOf((node) => node), nullable: false };
}
