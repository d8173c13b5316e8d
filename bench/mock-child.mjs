// What a process of its own does for the benchmarks of the mock:
//   ready  <ours|source> <document>             prints when the handlers are there, and when the first has answered
//   memory <ours|source> <document> <requests>  prints what every operation costs, and what loading it all again leaves
import { readFileSync } from 'node:fs';

const RELOADS = 10;
const [task, contender, document, requests] = process.argv.slice(2);

/** Each is given what takes its least: ours a path, `@msw/source` a parsed document, since text it takes for YAML. */
const MAKERS = {
  ours: async () => {
    const { createHandlers } = await import('../dist/msw/index.js');
    return () => createHandlers({ document });
  },
  source: async () => {
    const { fromOpenApi } = await import('@msw/source/open-api');
    return () => fromOpenApi(JSON.parse(readFileSync(document, 'utf8')));
  },
};

const make = await MAKERS[contender]();
if (task === 'ready') await becomeReady();
else await fillMemory();

async function becomeReady() {
  const handlers = await make();
  console.log('ready');
  const { getResponse } = await import('msw');
  const response = await getResponse(
    handlers,
    new Request('https://api.vercel.com/v2/user', { headers: { authorization: 'Bearer bench' } }),
  );
  await response.text();
  console.log('answered');
}

async function fillMemory() {
  const { getResponse } = await import('msw');
  const sent = JSON.parse(readFileSync(requests, 'utf8'));
  let failed = 0;
  const touch = async (handlers) => {
    failed = 0;
    for (const one of sent) {
      try {
        const response = await getResponse(handlers, toRequest(one));
        await response.text();
        if (!response.ok) failed += 1;
      } catch {
        failed += 1;
      }
    }
  };
  let handlers;
  const settled = async () => {
    // Some of what is let go is freed by finalizers, which run between tasks.
    for (let round = 0; round < 3; round++) {
      await new Promise(setImmediate);
      globalThis.gc();
    }
    return process.memoryUsage();
  };
  const before = await settled();
  handlers = await make();
  const ready = await settled();
  await touch(handlers);
  const touched = await settled();
  const heaps = [];
  for (let reload = 0; reload < RELOADS; reload++) {
    handlers = await make();
    await touch(handlers);
    heaps.push((await settled()).heapUsed);
  }
  // Held to the end: what is measured is a mock that is there.
  console.log(JSON.stringify({ failed, before, ready, touched, heaps }));
}

function toRequest({ url, ...init }) {
  return new Request(url, init);
}
