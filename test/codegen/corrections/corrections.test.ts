import { describe, expect, it } from 'vitest';
import { applyCorrections, parseCorrections } from '../../../src/codegen/corrections/corrections.js';
import { freeze } from '../../openapi/normalize/documents.js';

const document = freeze({
  openapi: '3.0.3',
  info: { title: 'Vercel SDK', version: '1' },
  paths: { '/a': { get: { tags: ['x', 'y'], responses: {} } } },
});

const read = (fields: string) => parseCorrections(`corrections: [{ id: fix-a, reason: r, ${fields} }]`);
const apply = (fields: string) => applyCorrections(document, read(fields));
const at = (rest: string) => `target: /paths/~1a/get${rest}`;

describe('applyCorrections', () => {
  it.each([
    [
      'sets what was absent',
      `${at('/responses/200')}, expect: { absent: true }, action: set, value: { description: d }`,
      { tags: ['x', 'y'], responses: { 200: { description: 'd' } } },
    ],
    [
      'sets what was otherwise',
      `${at('/tags/1')}, expect: { value: y }, action: set, value: z`,
      { tags: ['x', 'z'], responses: {} },
    ],
    ['removes', `${at('/tags')}, expect: { value: [x, y] }, action: remove`, { responses: {} }],
    [
      'removes an element',
      `${at('/tags/0')}, expect: { value: x }, action: remove`,
      { tags: ['y'], responses: {} },
    ],
    [
      'appends exactly one element at the end',
      `${at('/tags')}, expect: { absent: true }, action: append, value: [z]`,
      { tags: ['x', 'y', ['z']], responses: {} },
    ],
  ])('%s', (_, fields, expected) => {
    const corrected = apply(fields);
    expect(corrected.document.paths['/a']?.get).toEqual(expected);
    expect(corrected.applied).toEqual(['fix-a']);
    expect(() => applyCorrections(corrected.document, read(fields))).toThrow(/^correction fix-a: /);
  });

  it.each([
    [
      'a target that moved',
      `${at('/parameters/0/name')}, expect: { absent: true }, action: set, value: 1`,
      'target moved: /paths/~1a/get/parameters/0/name leads nowhere, /paths/~1a/get/parameters is not there',
    ],
    [
      'a place beyond the end of an array',
      `${at('/tags/2')}, expect: { absent: true }, action: set, value: 1`,
      'target moved',
    ],
    [
      'an append to no array',
      `${at('/responses')}, expect: { absent: true }, action: append, value: 1`,
      'is not an array',
    ],
    [
      'a flaw that is gone',
      `${at('/tags/0')}, expect: { value: y }, action: set, value: x`,
      'no longer needed: /paths/~1a/get/tags/0 is so already; delete the correction',
    ],
    [
      'an element that is there',
      `${at('/tags')}, expect: { absent: true }, action: append, value: x`,
      'no longer needed',
    ],
    [
      'something to remove that is gone',
      `${at('/summary')}, expect: { value: s }, action: remove`,
      'no longer needed',
    ],
    [
      'something else than expected',
      `${at('/tags/0')}, expect: { value: q }, action: set, value: z`,
      'precondition no longer holds: expected "q" at /paths/~1a/get/tags/0, found "x"',
    ],
  ])('refuses %s by name', (_, fields, message) => {
    expect(() => apply(fields)).toThrow(`correction fix-a: `);
    expect(() => apply(fields)).toThrow(message);
  });

  it('passes documents over that are not the published one', () => {
    const own = { ...document, info: { title: 'Vercel Connect', version: '1' } };
    const fields = 'documents: published, target: /gone/x, expect: { absent: true }, action: set, value: 1';
    expect(applyCorrections(own, read(fields))).toEqual({ document: own, applied: [] });
    expect(() => applyCorrections(document, read(fields))).toThrow('target moved');
  });
});

describe('parseCorrections', () => {
  const whole = 'target: /a, expect: { absent: true }, action: set, value: 1';
  it.each([
    ['no list', 'a: 1', 'a list under `corrections`'],
    ['no id', 'corrections: [{ reason: r }]', 'correction number 1: id is wrong'],
    ['no reason', `corrections: [{ id: a, ${whole} }]`, 'correction a: reason is wrong; it has to be a text'],
    ['an unknown field', `corrections: [{ id: a, reason: r, tarket: x, ${whole} }]`, 'tarket is wrong'],
    [
      'a bad action',
      `corrections: [{ id: a, reason: r, ${whole.replace('set', 'put')} }]`,
      'set, remove or append',
    ],
    ['a bad pointer', `corrections: [{ id: a, reason: r, ${whole.replace('/a', 'a')} }]`, 'target is wrong'],
    [
      'a bad expectation',
      `corrections: [{ id: a, reason: r, ${whole.replace('absent: true', 'absent: no')} }]`,
      'expect is wrong',
    ],
    [
      'remove with a value',
      `corrections: [{ id: a, reason: r, ${whole.replace('set', 'remove')} }]`,
      'left out with remove',
    ],
    [
      'two of one id',
      `corrections: [{ id: a, reason: r, ${whole} }, { id: a, reason: r, ${whole} }]`,
      'two of this id',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseCorrections(text)).toThrow(message);
  });
});
