import { expect, it } from 'vitest';
import { mergeComponents } from '../../../src/codegen/generate/merge-components.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';

it('renames a component whose name a reference has to escape, and what leads to a part of it', () => {
  const documentOf = (type: string): OpenApiDocument => ({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {},
    components: {
      schemas: {
        'a/b': { type: 'object', properties: { 'c/d': { type } } },
        whole: { $ref: '#/components/schemas/a~1b' },
        encoded: { $ref: '#/components/schemas/a%7E1b' },
        part: { $ref: '#/components/schemas/a~1b/properties/c~1d' },
        other: { $ref: 'elsewhere.json#/components/schemas/a~1b' },
      },
    },
  });
  const { components, renamed } = mergeComponents(documentOf('string'), documentOf('number'));
  expect(renamed).toEqual([{ section: 'schemas', from: 'a/b', to: 'SupplementA/b' }]);
  expect(Object(components.schemas)['SupplementA/b']).toMatchObject({
    properties: { 'c/d': { type: 'number' } },
  });
  const { supplement } = mergeComponents(documentOf('string'), documentOf('number'));
  expect(supplement.components?.schemas).toMatchObject({
    whole: { $ref: '#/components/schemas/SupplementA~1b' },
    encoded: { $ref: '#/components/schemas/SupplementA~1b' },
    part: { $ref: '#/components/schemas/SupplementA~1b/properties/c~1d' },
    other: { $ref: 'elsewhere.json#/components/schemas/a~1b' },
  });
});
