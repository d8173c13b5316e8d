import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/msw/index.js';
import { thingsDocument } from '../../helpers/things-document.js';

const text = { type: 'string' };
const object = (properties: object, ...required: string[]) => ({ type: 'object', properties, required });
// As the events of GitHub's API: an empty object fits the one branch that requires nothing.
const payload = {
  oneOf: [
    object({ action: text }, 'action'),
    object({ action: text, issue: text }, 'action'),
    object({}),
    object({ issue: text }, 'issue'),
  ],
};
const events = { type: 'array', minItems: 1, items: object({ payload }, 'payload') };
const overlapping = [{ payload: { action: 'opened' } }];

async function answered(seed: number, oneOf?: 'one'): Promise<{ payload: object }[]> {
  const document = thingsDocument({
    '/events': {
      get: {
        responses: {
          200: {
            description: 'OK',
            content: { 'application/json': { schema: events, example: overlapping } },
          },
        },
      },
    },
  });
  const mock = createMock({ document, seed, oneOf });
  const response = await getResponse(mock.handlers, new Request('https://things.example.com/events'));
  const list: unknown = await response?.json();
  return list as { payload: object }[]; // The mock answers what its document has.
}

describe('a body whose branches overlap', () => {
  it('is made where an empty object fits one of them', async () => {
    for (const seed of [2, 3, 4]) {
      const made = await answered(seed);
      expect(made.length).toBeGreaterThan(0);
      for (const event of made) expect(event).toEqual({ payload: {} });
    }
  });

  it('is the documented example, unless exactly one of them has to fit', async () => {
    expect(await answered(1)).toEqual(overlapping);
    const strict = await answered(1, 'one');
    expect(strict.length).toBeGreaterThan(0);
    for (const event of strict) expect(event).toEqual({ payload: {} });
  });
});
