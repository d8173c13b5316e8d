import { getResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { createHandlers, type ValidationError } from '../../src/msw/index.js';
import { publishedNames, readPublished, skipWithoutDocuments } from '../openapi/normalize/documents.js';
import { REALISTIC } from './realistic-requests.js';

const VARIABLE = { key: 'API_URL', value: 'https://api.example.com', type: 'plain' };

const ROWS = REALISTIC.map(([method, path, body]) => ({ method, path, body }));

skipWithoutDocuments();

describe.each(publishedNames)('the mock of %s', (name) => {
  const handlers = createHandlers({ document: readPublished(name) });

  test.each([{ body: VARIABLE }, { body: [VARIABLE] }])(
    'refuses an environment variable without a target: $body',
    async ({ body }) => {
      const response = await getResponse(
        handlers,
        new Request('https://api.vercel.com/v10/projects/my-blog/env', {
          method: 'POST',
          headers: { authorization: 'Bearer a', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
      expect(response?.status).toBe(400);
    },
  );
});

describe.each(publishedNames.slice(-1))('the mock of %s', (name) => {
  const validationErrors: ValidationError[] = [];
  const document = readPublished(name);
  const handlers = createHandlers({
    document,
    onValidationError: (validationError) => validationErrors.push(validationError),
  });

  test('there are at least 60 requests', () => {
    expect(REALISTIC.length).toBeGreaterThanOrEqual(60);
  });

  test.each(ROWS)('takes $method $path $body', async ({ method, path, body }) => {
    validationErrors.length = 0;
    const request = new Request(`https://api.vercel.com${path}`, {
      method,
      headers: { authorization: 'Bearer a', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await getResponse(handlers, request);
    expect(validationErrors).toEqual([]);
    expect(response?.status).toBeLessThan(300);
  });
});
