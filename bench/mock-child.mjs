// One task in a process of its own, so that nobody warms up another or shares its memory; prints what it measured as JSON.
import { readFileSync } from 'node:fs';

const [task = '', file = ''] = process.argv.slice(2);
const MB = 1024 * 1024;
const readDocument = () => JSON.parse(readFileSync(file, 'utf8'));
const loadOurs = () => import('../dist/msw/index.js');

/** Time from a parsed document to handlers, in milliseconds; the packages are loaded before. */
async function timeReady(load, make) {
  const loaded = await load();
  const document = readDocument();
  const startedAt = performance.now();
  const handlers = await make(loaded, document);
  return { readyMs: performance.now() - startedAt, handlers: handlers.length };
}

/** A request for each operation of a document, with nothing but path and bearer: what it is answered does not matter. */
function requestsFor(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'patch', 'delete', 'head'].flatMap((method) => {
      if (item[method] === undefined) return [];
      const url = `https://api.vercel.com${path.replaceAll(/\{[^}]+\}/g, 'a')}`;
      const headers = { authorization: 'Bearer bench' };
      return [() => new Request(url, { method, headers })];
    }),
  );
}

const tasks = {
  ours: () => timeReady(loadOurs, ({ createHandlers }, document) => createHandlers({ document })),
  source: () =>
    timeReady(
      () => import('@msw/source/open-api'),
      ({ fromOpenApi }, document) => fromOpenApi(document),
    ),
  async repeat() {
    const [{ createHandlers }, { getResponse }] = [await loadOurs(), await import('msw')];
    const handlers = createHandlers({ document: readDocument() });
    const url = 'https://api.vercel.com/v9/projects/a';
    const ask = () => getResponse(handlers, new Request(url, { headers: { authorization: 'Bearer bench' } }));
    for (let warm = 0; warm < 500; warm++) await (await ask()).text();
    const startedAt = performance.now();
    for (let call = 0; call < 2_000; call++) await (await ask()).text();
    return { repeatMs: (performance.now() - startedAt) / 2_000 };
  },
  /** Every operation answered by itself, and checked. */
  async memory() {
    const [{ createMock }, { getResponse }] = [await loadOurs(), await import('msw')];
    const document = readDocument();
    globalThis.gc();
    const before = process.memoryUsage.rss();
    const mock = createMock({ document });
    let answered = 0;
    for (const toRequest of requestsFor(document)) {
      const prefer = await getResponse(mock.handlers, toRequest());
      await prefer.text();
      answered += 1;
    }
    const grown = process.memoryUsage.rss() - before;
    globalThis.gc();
    return { answered, grownMb: grown / MB, leftMb: (process.memoryUsage.rss() - before) / MB };
  },
  async reloads() {
    const [{ createMock }, { getResponse }] = [await loadOurs(), await import('msw')];
    const heaps = [];
    for (let round = 0; round < 12; round++) {
      const document = readDocument();
      const mock = createMock({ document });
      for (const toRequest of requestsFor(document))
        await (await getResponse(mock.handlers, toRequest())).text();
      // What the collector finishes in the background counts too.
      for (let pass = 0; pass < 3; pass++) {
        globalThis.gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      heaps.push(process.memoryUsage().heapUsed / MB);
    }
    return { heaps };
  },
};

process.stdout.write(JSON.stringify(await tasks[task]()));
