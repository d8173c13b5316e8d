import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import {
  compareDocuments,
  formatHtml,
  formatMarkdown,
  type ImpactReport,
} from '../../../src/codegen/diff/index.js';
import { documentOf, string } from './documents.js';

/** Everything of a document that a report shows, made of one text. */
const documentWith = (text: string, values: readonly string[]) => {
  const schema = { type: 'string', enum: [...values, text] };
  return documentOf({
    [`/v1/${text}`]: {
      get: {
        operationId: text,
        tags: [text],
        summary: text,
        description: text,
        parameters: [{ name: text, in: 'query', schema }],
        responses: {
          200: {
            description: text,
            headers: { [text]: { schema } },
            content: { 'application/json': { schema: { type: 'object', properties: { [text]: schema } } } },
          },
          404: {
            description: text,
            content: { [text]: { schema: { type: 'object', properties: { [text]: string } } } },
          },
        },
      },
    },
  });
};
const impactOf = (text: string): ImpactReport => ({
  operations: [{ operationId: text, places: [{ file: text, line: 2, column: 1 }] }],
  broken: [{ file: text, line: 3, column: 5, code: 2339, message: text, changes: [0] }],
  unfollowed: [{ file: text, line: 4, column: 1, why: text }],
  unknown: [{ file: text, line: 5, column: 1, wanted: text }],
  compiled: true,
  unclear: [],
});
const changesOf = (text: string) =>
  compareDocuments(documentWith(text, ['a', `${text}1`]), documentWith(text, ['b', `${text}2`]));

/** What of a rendered report is not inside code, where GitHub looks for mentions, references and links. */
function outsideOfCode(text: string): string {
  const html = String(
    marked.parse(formatMarkdown({ changes: changesOf(text), impact: impactOf(text) }), { gfm: true }),
  );
  return html.replace(/<code>[^<]*<\/code>/g, '');
}
/** The elements of a report itself. */
const OWN = /<\/?(?:h2|h3|p|table|thead|tbody|tr|th|td|ul|li|em|strong|details|summary)(?: align="right")?>/g;

const HOSTILE = [
  '![i](http://a.example/x.png)',
  '`![i](http://a.example/x.png)`',
  '``![i](http://a.example/x.png)` ``',
  '` ![i](http://a.example/x.png) ``',
  '[l](javascript:alert(1))',
  '`[l](http://a.example)',
  '@octocat',
  '`@octocat`',
  '`@octocat` and ``@octocat',
  'https://a.example www.a.example a@a.example',
  '#1 GH-1 octo/cat#2 dfeba91dfeba91dfeba91dfeba91dfeba91dfeba9',
  '<img src=x onerror=alert(1)><script>alert(1)</script>',
  '</details><b>',
  '*a* _b_ ~~c~~ **d**',
  '| a | b |',
  '\n\n# h\n\n- i\n> q\n```\n',
  '\\`a\\`',
  '&lt;b&gt; &#64;octocat',
];

describe('nothing from a document is markup', () => {
  test.each(HOSTILE)('in Markdown: %j', (text) => {
    const outside = outsideOfCode(text);
    expect(outside).not.toMatch(/octo|example|alert|dfeba91|GH-1|#1|javascript/);
    expect(outside.replace(OWN, '')).not.toMatch(/</);
  });

  test('in Markdown, whatever is put together', () => {
    const part = fc.constantFrom(
      '`',
      '``',
      '```',
      ' ',
      '![i](http://e.example)',
      '@octocat',
      '\\',
      '\n',
      '<b>',
      'a',
      '|',
      '*',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const outside = outsideOfCode(parts.join(''));
        expect(outside).not.toMatch(/octo|example/);
        expect(outside.replace(OWN, '')).not.toMatch(/</);
      }),
      { numRuns: 300 },
    );
  });

  test.each(HOSTILE)('in HTML: %j', (text) => {
    const html = formatHtml({ changes: changesOf(text), impact: impactOf(text) });
    const [head = ''] = html.split('<main>');
    const own = html.slice(head.length).replace(/<script>[\s\S]*<\/script>/, '');
    expect(own).not.toMatch(/<(?:img|script|b>|em|iframe)/);
    // Back-ticks of a document make no code.
    const codesIn = (page: string) => page.split('<code>').length;
    const quoted = text.replaceAll('`', "'");
    expect(codesIn(html)).toBe(codesIn(formatHtml({ changes: changesOf(quoted), impact: impactOf(quoted) })));
  });

  test('though the reader sees all of it', () => {
    const html = String(marked.parse(formatMarkdown({ changes: changesOf('`@octocat`') })));
    expect(html).toContain('`@octocat`1');
    expect(formatHtml({ changes: changesOf('`@octocat`') })).toContain('`@octocat`1');
  });
});
