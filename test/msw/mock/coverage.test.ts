import { describe, expect, test } from 'vitest';
import { InvalidArgumentError, VercelError } from '../../../src/errors/index.js';
import { createMock, MockError } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';
import { findSteering, HOSTILE_NAME, SHOWN_NAME } from '../../helpers/hostile-text.js';
import { ask } from '../ask.js';
import { shop } from '../shop-document.js';

/** A mock that was asked for one thing twice, once in a wrong way, and for one that failed. */
async function used() {
  const mock = createMock({ document: shop });
  await ask(mock.handlers, 'GET', '/v1/things/a');
  mock.once('getThing', 503);
  await ask(mock.handlers, 'GET', '/v1/things/a');
  mock.once('getThing', { networkError: true });
  await ask(mock.handlers, 'GET', '/v1/things/a');
  await ask(mock.handlers, 'POST', '/v2/things', { body: {} });
  await ask(mock.handlers, 'GET', '/v1/teapots');
  return mock;
}

describe('coverage', () => {
  test('counts operations and documented responses, and survives a reset', async () => {
    const mock = await used();
    mock.reset();
    const { operations, responses, entries } = mock.coverage();
    expect(operations).toEqual({ touched: 1, total: 6, percent: 100 / 6 });
    expect(responses).toEqual({ touched: 1, total: 11, percent: 100 / 11 });
    expect(entries.find(({ operationId }) => operationId === 'getThing')).toMatchObject({
      accepted: 3,
      refused: 0,
      responses: [
        { status: '200', documented: true, count: 1 },
        { status: '404', documented: true, count: 0 },
        { status: '503', documented: false, count: 1 },
        { status: 'network error', documented: false, count: 1 },
      ],
    });
    expect(entries.find(({ operationId }) => operationId === 'createThing')).toMatchObject({
      accepted: 0,
      refused: 1,
      responses: [{ count: 0 }, { count: 0 }, { count: 0 }],
    });
  });

  test('leaves out what the mock does not serve', () => {
    expect(createMock({ document: shop, operations: ['getThing'] }).coverage().operations.total).toBe(1);
  });

  test('is told as text', async () => {
    const text = (await used()).coverage().toText();
    expect(text).toBe(
      [
        'Shop: 1 of 6 operations (16.7 %), 1 of 11 documented responses (9.1 %)',
        '  createThing; no response; 1 refused; not seen: 201, 400, 409',
        '  getThing; 200 x1, 503 x1, network error x1; not seen: 404',
        'never touched: listThings, updateThing, removeThing, oldOne',
        '',
      ].join('\n'),
    );
  });

  test('may be demanded', async () => {
    const report = (await used()).coverage();
    expect(() => report.require({ operations: 16, responses: 9 })).not.toThrow();
    const error = thrownBy(() => report.require({ operations: 50, responses: 20 }), MockError);
    expect(error).toBeInstanceOf(VercelError);
    expect(error).toMatchObject({ name: 'MockError', code: 'mock_coverage' });
    expect(error.stack).toContain(error.message);
    expect(error.message).toContain('operations 16.7 % (1 of 6), required 50 %');
    expect(error.message).toContain('responses 9.1 % (1 of 11), required 20 %');
    expect(error.message).toContain('never touched: listThings');
    expect(thrownBy(() => report.require({ responses: 120 }), InvalidArgumentError).argument).toBe(
      'threshold.responses',
    );
  });

  test('is drawn as a page of its own that holds the whole document and no markup from it', async () => {
    const html = (await used()).coverage().toHtml();
    expect(html).toContain('<li class="done" title=""><div class="id">getThing</div>');
    expect(html).toContain(
      '<li class="refused" title="Make a &lt;thing&gt;"><div class="id">createThing</div>',
    );
    expect(html.match(/<li class="open"/g)).toHaveLength(4);
    expect(html).toContain('<span class="seen extra">503 x1</span>');
    const links = [...html.matchAll(/href="#(group-\d+)"/g)].map(([, id]) => `<section id="${id}">`);
    expect(links.length).toBeGreaterThan(0);
    for (const target of links) expect(html).toContain(target);
    // It needs nothing from elsewhere.
    expect(html).not.toMatch(/<script|src=|href="(?!#)/);
  });

  test('steers no terminal and is no markup, whatever a document names things', async () => {
    const operation = {
      ...{ operationId: HOSTILE_NAME, summary: `${HOSTILE_NAME}<img src=x>`, tags: [`${HOSTILE_NAME}<u>`] },
      responses: { 200: { description: 'ok' }, [`${HOSTILE_NAME}"><u>`]: { description: 'odd' } },
    };
    const document = {
      openapi: '3.1.0',
      info: { title: `${HOSTILE_NAME}</title><script>`, version: '1' },
      servers: [{ url: 'https://api.vercel.com' }],
      paths: { '/v1/a': { get: operation }, '/v1/b': { get: { ...operation, operationId: 'b<i>' } } },
    };
    const mock = createMock({ document });
    await ask(mock.handlers, 'GET', '/v1/a');
    const [text, html] = [mock.coverage().toText(), mock.coverage().toHtml()];
    expect(findSteering(text)).toBeUndefined();
    expect(text.split(SHOWN_NAME).length).toBeGreaterThan(2);
    expect(findSteering(html)).toBeUndefined();
    expect(html).not.toMatch(/<(?:script|img|i>|u>)/);
  });
});
