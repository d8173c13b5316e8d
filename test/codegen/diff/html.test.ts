import { describe, expect, test } from 'vitest';
import { compareDocuments, formatHtml } from '../../../src/codegen/diff/index.js';
import { answering, documentOf, object, string } from './documents.js';

const thing = (...names: string[]) => object(Object.fromEntries(names.map((name) => [name, string])));
const documentWith = (...names: string[]) =>
  documentOf({
    '/v1/a': { get: answering(thing(...names), { operationId: 'get"A' }) },
    '/v1/b': { get: answering(thing(...names), { operationId: 'getB' }) },
  });
const html = formatHtml(compareDocuments(documentWith('one', 'two', 'three'), documentWith('one', 'four')));

test('alternatives are shown by what tells them apart', () => {
  const failure = (code: string) => object({ 'message!': string, 'code!': { type: 'string', enum: [code] } });
  const [change] = compareDocuments(
    documentOf({ '/v1/a': { get: answering({ oneOf: [failure('a'), failure('b')] }) } }),
    documentOf({ '/v1/a': { get: answering({ oneOf: [failure('a'), failure('b'), failure('c')] }) } }),
  );
  expect(change).toMatchObject({ kind: 'response-union-member-added', after: '{ code: "c", message }' });
});

describe('the page', () => {
  test('gives each change an address of its own that leads to it', () => {
    const ids = [...html.matchAll(/<details class="change" id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...html.matchAll(/href="#show=([^"]+)"/g)].map(([, id = '']) => decodeURIComponent(id));
    expect(ids).toEqual([
      'get&quot;A.response-property-removed',
      'get&quot;A.response-property-removed.2',
      'get&quot;A.response-property-added',
    ]);
    expect(links.map((link) => link.replace('"', '&quot;'))).toEqual(ids);
  });

  test('names every operation of a change for the filters, which offer them all', () => {
    expect(html.match(/<li data-op="getB"/g)).toHaveLength(3);
    expect(html).toContain('<option value="getB"></option>');
    expect(html).toContain('<option value="get&quot;A"></option>');
  });

  test('says what changed, what to do, what was and what is', () => {
    expect(html).toContain(
      '<span class="say"><code>two</code> of the 200 response is gone (was <code>string</code>).</span>',
    );
    expect(html).toContain('<span class="todo">Stop reading it.</span>');
    expect(html).toContain('<dt>before</dt><dd><code>string</code></dd>');
  });

  test('counts what each class has, and shows all but prose at first', () => {
    expect(html).toMatch(/value="wire" checked> wire <b>2<\/b>/);
    expect(html).toMatch(/value="added" checked> added <b>1<\/b>/);
    expect(html).toMatch(/value="docs"> docs <b>0<\/b>/);
  });

  test('loads nothing, and its script is one', () => {
    expect(html).not.toMatch(/<(?:link|img|iframe)|src=|url\(|https?:/);
    expect(html).toContain("default-src 'none'");
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
    expect(() => new Function(script)).not.toThrow();
  });
});
