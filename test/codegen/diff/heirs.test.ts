import { expect, test } from 'vitest';
import { compareDocuments, type Json } from '../../../src/codegen/diff/index.js';
import { answering, brief, documentOf, IN_RESPONSE, object, string } from './documents.js';

const reference = (name: string) => `#/components/schemas/${name}`;
const REMOVED = 'wire response-property-removed';

/** A document whose only response has a schema, and its components. */
const documentWith = (schema: unknown, schemas: Json) =>
  documentOf({ '/v1/things': { get: answering(schema) } }, { schemas });

/** A parent that a `kind` is told by, and a cat that extends it. */
function family(mapping: Json | undefined, cat: Json, more: Json = {}): Json {
  const discriminator = { propertyName: 'kind', ...(mapping === undefined ? {} : { mapping }) };
  return {
    Pet: object({ 'kind!': string, ...more }, { discriminator }),
    Cat: { allOf: [{ $ref: reference('Pet') }, object(cat)] },
  };
}

const PET = { $ref: reference('Pet') };
const MAPPED = '/discriminator/mapping/cat/allOf/1/properties/purr';

test.each([
  ['the mapping by reference', { cat: reference('Cat') }, MAPPED],
  ['the mapping by name', { cat: 'Cat' }, MAPPED],
  ['its name alone', undefined, '/discriminator/allOf/1/properties/purr'],
])('a schema that %s leads to loses a property', (_, mapping, at) => {
  const forms = [
    [PET, ''],
    [{ type: 'array', items: PET }, '/items'],
  ] as const;
  // A cat may have another one.
  for (const friend of [{}, { friend: PET }]) {
    for (const [schema, where] of forms) {
      const before = documentWith(schema, family(mapping, { ...friend, purr: string }));
      const after = documentWith(schema, family(mapping, friend));
      expect(brief(compareDocuments(before, after))).toEqual([`${REMOVED} ${IN_RESPONSE}${where}${at}`]);
      expect(compareDocuments(before, before)).toEqual([]);
    }
  }
});

test('a schema that the mapping leads to beside the alternatives loses a property', () => {
  const kind = (name: string, more: Json = {}) =>
    object({ 'kind!': { type: 'string', enum: [name] }, ...more });
  const names = ['A', 'B', 'C'];
  const mapping = Object.fromEntries(names.map((name) => [name.toLowerCase(), reference(name)]));
  const union = {
    oneOf: names.slice(0, 2).map((name) => ({ $ref: reference(name) })),
    discriminator: { propertyName: 'kind', mapping },
  };
  const withC = (c: Json) => documentWith(union, { A: kind('a'), B: kind('b'), C: kind('c', c) });
  expect(brief(compareDocuments(withC({ x: string }), withC({})))).toEqual([
    `${REMOVED} ${IN_RESPONSE}/discriminator/mapping/c/properties/x`,
  ]);
});

test('a change of what they extend is told once', () => {
  const before = documentWith(PET, family({ cat: 'Cat' }, { purr: string }, { name: string }));
  const after = documentWith(PET, family({ cat: 'Cat' }, { purr: string }));
  expect(brief(compareDocuments(before, after))).toEqual([`${REMOVED} ${IN_RESPONSE}/properties/name`]);
});

test('a value of one says nothing of another', () => {
  const cat = { $ref: reference('Cat') };
  const dog = (more: Json) => ({
    ...family({ cat: 'Cat', dog: 'Dog' }, { purr: string }),
    Dog: { allOf: [PET, object(more)] },
  });
  const [before, after] = [documentWith(cat, dog({ bark: string })), documentWith(cat, dog({}))];
  expect(compareDocuments(before, after)).toEqual([]);
});
