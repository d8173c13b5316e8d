import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ParameterKinds,
  type ParameterLocation,
  type ParameterStyle,
  parseParameter,
  serializeParameter,
  styleOf,
} from '../../src/openapi/parameters.js';

const ARRAY = ['blue', 'black', 'brown'];
const OBJECT = { R: '100', G: '200', B: '150' };
const FIELDS = new Set(['R', 'G', 'B']);

/** What a schema of one type says of the kinds of a value. */
function kindsFor(value: unknown): ParameterKinds {
  const isObject = typeof value === 'object' && !Array.isArray(value);
  return {
    array: Array.isArray(value),
    value: typeof value === 'string',
    isField: isObject ? (name) => FIELDS.has(name) : undefined,
  };
}

function sentAs(place: ParameterLocation, text: string) {
  return {
    path: { color: place === 'path' ? text : undefined },
    query: place === 'query' ? text : '',
    headers: new Headers(place === 'header' ? { color: text } : place === 'cookie' ? { cookie: text } : {}),
  };
}

describe('serializeParameter and parseParameter', () => {
  // OpenAPI 3.1.1, Parameter Object, "Style Examples", with the values of its table.
  it.each<[ParameterLocation, object, unknown, string]>([
    ['path', { style: 'simple' }, 'blue', 'blue'],
    ['path', { style: 'simple' }, ARRAY, 'blue,black,brown'],
    ['path', { style: 'simple' }, OBJECT, 'R,100,G,200,B,150'],
    ['path', { style: 'simple', explode: true }, ARRAY, 'blue,black,brown'],
    ['path', { style: 'simple', explode: true }, OBJECT, 'R=100,G=200,B=150'],
    ['header', {}, 'blue', 'blue'],
    ['header', {}, ARRAY, 'blue,black,brown'],
    ['header', {}, OBJECT, 'R,100,G,200,B,150'],
    ['header', { explode: true }, OBJECT, 'R=100,G=200,B=150'],
    ['query', { style: 'form', explode: false }, '', 'color='],
    ['query', { style: 'form', explode: false }, 'blue', 'color=blue'],
    ['query', { style: 'form', explode: false }, ARRAY, 'color=blue,black,brown'],
    ['query', { style: 'form', explode: false }, OBJECT, 'color=R,100,G,200,B,150'],
    ['query', {}, 'blue', 'color=blue'],
    ['query', {}, ARRAY, 'color=blue&color=black&color=brown'],
    ['query', {}, OBJECT, 'R=100&G=200&B=150'],
    ['query', { style: 'spaceDelimited', explode: false }, ARRAY, 'color=blue%20black%20brown'],
    ['query', { style: 'spaceDelimited', explode: false }, OBJECT, 'color=R%20100%20G%20200%20B%20150'],
    ['query', { style: 'pipeDelimited', explode: false }, ARRAY, 'color=blue%7Cblack%7Cbrown'],
    ['query', { style: 'pipeDelimited', explode: false }, OBJECT, 'color=R%7C100%7CG%7C200%7CB%7C150'],
    ['query', { style: 'deepObject', explode: true }, OBJECT, 'color[R]=100&color[G]=200&color[B]=150'],
    [
      'query',
      { content: { 'application/json': {} } },
      { lat: 1, long: [2] },
      'color=%7B%22lat%22%3A1%2C%22long%22%3A%5B2%5D%7D',
    ],
    ['cookie', {}, 'blue', 'color=blue'],
    ['cookie', { explode: false }, ARRAY, 'color=blue,black,brown'],
    ['cookie', { explode: false }, OBJECT, 'color=R,100,G,200,B,150'],
    // Not in the table: a cookie separates its pairs by semicolons (RFC 6265, section 4.2.1).
    ['cookie', {}, ARRAY, 'color=blue; color=black; color=brown'],
  ])('agree with the specification: %s %o of %o is %s', (place, declared, value, text) => {
    const style = styleOf({ name: 'color', in: place, ...declared });
    const parameter = { name: 'color', in: place, style };
    expect(serializeParameter(parameter, value)).toBe(text);
    expect(parseParameter(parameter, kindsFor(value), sentAs(place, text))).toEqual({ value });
  });

  it.each<[string, string, unknown]>([
    ['a|b', 'pipeDelimited', ['a', 'b']],
    ['a+b', 'spaceDelimited', ['a', 'b']],
  ])('read the other spelling of %s as well', (text, style, value) => {
    const parameter = { name: 'color', in: 'query', style: style as ParameterStyle } as const;
    expect(parseParameter(parameter, kindsFor(value), sentAs('query', `color=${text}`))).toEqual({ value });
  });

  it('write and read what is nested in a deepObject', () => {
    const parameter = { name: 'color', in: 'query', style: 'deepObject' } as const;
    const value = { R: { min: '1', of: ['a', 'b'] } };
    const text = 'color[R][min]=1&color[R][of][]=a&color[R][of][]=b';
    expect(serializeParameter(parameter, value)).toBe(text);
    expect(parseParameter(parameter, kindsFor(value), sentAs('query', text))).toEqual({ value });
    const objects = [{ R: '1' }, { R: '2' }];
    expect(serializeParameter(parameter, objects)).toBe('color[0][R]=1&color[1][R]=2');
    const sent = sentAs('query', 'color[0][R]=1&color[1][R]=2');
    expect(parseParameter(parameter, kindsFor(objects), sent)).toEqual({ value: objects });
    for (const list of ['color[0]=a&color[1]=b', 'color[]=a&color[]=b', 'color=a&color=b'])
      expect(parseParameter(parameter, kindsFor(ARRAY), sentAs('query', list))).toEqual({
        value: ['a', 'b'],
      });
    const repeated = sentAs('query', 'color[R][of]=a&color[R][of]=b');
    expect(parseParameter(parameter, kindsFor({}), repeated)).toEqual({ value: { R: { of: ['a', 'b'] } } });
    const one = sentAs('query', 'color[R][of][]=a');
    expect(parseParameter(parameter, kindsFor({}), one)).toEqual({ value: { R: { of: ['a'] } } });
  });

  it.each<[string, ParameterLocation, ParameterStyle, unknown, string, unknown]>([
    ['a text', 'query', 'deepObject', OBJECT, 'color=blue', 'blue'],
    ['no text', 'query', 'deepObject', OBJECT, 'color=', ''],
    ['a name', 'query', 'deepObject', ARRAY, 'color[R]=100', { R: '100' }],
    ['a text', 'query', 'formExplode', OBJECT, 'color=R,100', 'R,100'],
    ['a text', 'cookie', 'formExplode', OBJECT, 'color=R,100', 'R,100'],
    ['an odd number of parts', 'query', 'form', OBJECT, 'color=R,100,G', 'R,100,G'],
    ['an odd number of parts', 'query', 'pipeDelimited', OBJECT, 'color=R', 'R'],
    ['an odd number of parts', 'path', 'simple', OBJECT, 'R', 'R'],
    ['a part without a value', 'header', 'simpleExplode', OBJECT, 'R=100,G', 'R=100,G'],
  ])('leave %s in %s as it is, where %s has another form', (_, place, style, like, text, value) => {
    const parameter = { name: 'color', in: place, style };
    expect(parseParameter(parameter, kindsFor(like), sentAs(place, text))).toEqual({ value });
  });

  it('leave a comma in a text that may be a list too, where items are pairs', () => {
    const parameter = { name: 'color', in: 'query', style: 'formExplode' } as const;
    const kinds: ParameterKinds = { array: true, value: true, isField: undefined };
    expect(parseParameter(parameter, kinds, sentAs('query', 'color=a,b'))).toEqual({ value: 'a,b' });
  });

  it('leave reserved characters alone where the document says so, but for those that end a value', () => {
    const parameter = { name: 'color', in: 'query', style: 'form', allowReserved: true } as const;
    expect(serializeParameter(parameter, 'a/b?c:d&e#f+g h')).toBe('color=a/b?c:d%26e%23f%2Bg%20h');
  });

  it.each<[ParameterLocation, ParameterStyle]>([
    ['path', 'simple'],
    ['path', 'simpleExplode'],
    ['query', 'form'],
    ['query', 'formExplode'],
    ['query', 'pipeDelimited'],
    ['query', 'deepObject'],
    ['query', 'json'],
    ['cookie', 'form'],
    ['cookie', 'formExplode'],
  ])('agree on any texts: %s %s', (place, style) => {
    const parameter = { name: 'color', in: place, style };
    // An empty text between delimiters is lost in an array of one.
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !/\p{Surrogate}/u.test(one));
    const object = fc.record({ R: text, G: text });
    const value = style === 'deepObject' ? object : fc.oneof(text, fc.array(text, { minLength: 1 }), object);
    fc.assert(
      fc.property(value, (given) => {
        const sent = sentAs(place, serializeParameter(parameter, given));
        expect(parseParameter(parameter, kindsFor(given), sent)).toEqual({ value: given });
      }),
      { numRuns: 200, seed: 20 },
    );
  });

  it.each<[string, object, string]>([
    [
      'matrix',
      { in: 'path', style: 'matrix' },
      'the path parameter color has the style matrix, which is not supported',
    ],
    [
      'label',
      { in: 'path', style: 'label' },
      'the path parameter color has the style label, which is not supported',
    ],
    [
      'a style of another place',
      { in: 'header', style: 'form' },
      'the header parameter color has the style form',
    ],
    [
      'content other than JSON',
      { in: 'query', content: { 'application/xml': {} } },
      'has content of application/xml, and only JSON is supported',
    ],
  ])('do not know %s, and say so', (_, declared, message) => {
    expect(() => styleOf({ name: 'color', ...declared })).toThrow(message);
  });

  it.each<[string, ParameterKinds, string, unknown]>([
    ['malformed percent-encoding', kindsFor('x'), 'color=%E0%A4%A', { problem: 'encoding' }],
    ['two values for one', kindsFor('x'), 'color=a&color=b', { problem: 'repeated' }],
    ['a repeated list that is not exploded', kindsFor(ARRAY), 'color=a&color=b', { problem: 'repeated' }],
    ['nothing', kindsFor('x'), 'other=a', undefined],
  ])('say what is wrong with %s', (_, kinds, query, read) => {
    const parameter = { name: 'color', in: 'query', style: 'form' } as const;
    expect(parseParameter(parameter, kinds, sentAs('query', query))).toEqual(read);
  });
});
