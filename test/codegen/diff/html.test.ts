import { describe, expect, test } from 'vitest';
import { compareDocuments, formatHtml } from '../../../src/codegen/diff/index.js';
import { answering, documentOf, object, string } from './documents.js';

const thing = (...names: string[]) => object(Object.fromEntries(names.map((name) => [name, string])));
const documentWith = (...names: string[]) =>
  documentOf({
    '/v1/a': { get: answering(thing(...names), { operationId: 'get"A' }) },
    '/v1/b': { get: answering(thing(...names), { operationId: 'getB' }) },
  });
const html = formatHtml({
  changes: compareDocuments(documentWith('one', 'two', 'three'), documentWith('one', 'four')),
});

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
    const ids = [...html.matchAll(/<article class="change" id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...html.matchAll(/href="#show=([^"]+)"/g)].map(([, id = '']) => decodeURIComponent(id));
    expect(ids).toEqual([
      'get&quot;A.response-property-removed',
      'get&quot;A.response-property-removed.2',
      'get&quot;A.response-property-added',
    ]);
    expect(links.map((link) => link.replace('"', '&quot;'))).toEqual(ids);
  });

  test('groups changes by the operations that they touch, and names each with its method and path', () => {
    expect(html.match(/<section class="group"/g)).toHaveLength(1);
    expect(html).toContain('data-operations="[&quot;get\\&quot;A&quot;,&quot;getB&quot;]"');
    expect(html).toMatch(
      /data-filter="getB"[^>]*>getB<\/button> <span class="call"><span class="method">GET<\/span> \/v1\/b<\/span>/,
    );
    expect(html).toContain('<option value="getB"></option>');
    expect(html).toContain('<option value="get&quot;A"></option>');
    const [first, second] = formatHtml({
      changes: compareDocuments(
        documentOf({
          '/v1/a': { get: answering(thing('x')) },
          '/v1/b': { get: answering(thing('y'), { operationId: 'b' }) },
        }),
        documentOf({
          '/v1/a': { get: answering(thing()) },
          '/v1/b': { get: answering(thing(), { operationId: 'b' }) },
        }),
      ),
    })
      .split('<section class="group"')
      .slice(1);
    expect(first).toContain(
      '>getThing</button> <span class="call"><span class="method">GET</span> /v1/a</span></h2>',
    );
    expect(second).toContain(
      '>b</button> <span class="call"><span class="method">GET</span> /v1/b</span></h2>',
    );
  });

  test('says what changed, what to do, and what was and what is, side by side', () => {
    expect(html).toContain(
      '<h3><span class="badge wire">wire</span> <code>two</code> of the 200 response is gone</h3><p class="todo">Stop reading it.</p>',
    );
    expect(html).toContain(
      '<dl class="sides"><div><dt>before</dt><dd><code>string</code></dd></div><div><dt>after</dt><dd><span class="nothing">nothing</span></dd></div></dl>',
    );
  });

  test('names both documents, with hash, and the date where it is known', () => {
    const report = formatHtml({
      changes: [],
      documents: {
        before: { path: 'old.json', sha256: 'a'.repeat(64) },
        after: { path: '<new>.json', sha256: 'b'.repeat(64), retrievedAt: '2026-11-27T06:00:00.000Z' },
      },
    });
    expect(report).toMatch(
      /<dt>Before<\/dt><dd><code>old\.json<\/code> <small>SHA-256 <span title="a{64}">a{12}<\/span><\/small>/,
    );
    expect(report).toContain('<code>&lt;new&gt;.json</code>');
    expect(report).toContain('pulled <time datetime="2026-11-27T06:00:00.000Z">2026-11-27</time>');
  });

  test('counts what each class has, and shows all but prose at first', () => {
    expect(html).toMatch(/value="wire" checked> wire <b>2<\/b>/);
    expect(html).toMatch(/value="sunset" checked> sunset <b>0<\/b>/);
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
