import { describe, expect, test } from 'vitest';
import { answering, brief, compareOperations, IN_REQUEST, IN_RESPONSE, taking } from './documents.js';
import { STRUCTURE_CASES } from './structure-cases.js';
import { VALUE_CASES } from './value-cases.js';

describe.each([...VALUE_CASES, ...STRUCTURE_CASES])('%s', (_, before, after, at, response, request) => {
  const place = (found: string, root: string) => [`${found} ${root}${at}`];

  test('in a response', () => {
    const there = compareOperations(answering(before), answering(after));
    expect(brief(there)).toEqual(place(response[0], IN_RESPONSE));
    expect(there[0]?.operations).toEqual([
      { operationId: 'getThing', method: 'GET', path: '/v1/things', at: IN_RESPONSE + at },
    ]);
    expect(brief(compareOperations(answering(after), answering(before)))).toEqual(
      place(response[1], IN_RESPONSE),
    );
  });

  test('in a request', () => {
    const there = compareOperations(taking(before), taking(after));
    expect(brief(there)).toEqual(place(request[0], IN_REQUEST));
    expect(there[0]?.operations).toEqual([
      { operationId: 'putThing', method: 'GET', path: '/v1/things', at: IN_REQUEST + at },
    ]);
    expect(brief(compareOperations(taking(after), taking(before)))).toEqual(place(request[1], IN_REQUEST));
  });

  test('in an error', () => {
    const error = (schema: unknown) => ({
      operationId: 'getThing',
      responses: { 404: { description: '', content: { 'application/json': { schema } } } },
    });
    const [found, kind] = response[0].split(' ');
    const root = IN_RESPONSE.replace('200', '404');
    expect(brief(compareOperations(error(before), error(after)))).toEqual([
      `${found === 'docs' ? 'docs' : 'error-body'} ${kind} ${root}${at}`,
    ]);
  });
});
