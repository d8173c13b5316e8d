// What a process of its own does for the benchmarks of the mock:
//   ready  <ours|source> <document>             prints when the handlers are there, and when the first has answered
//   first  ours <document> <requests>           prints the processor time of a response to each, in milliseconds
//   memory <ours|source> <document> <requests>  prints what every operation costs, and what loading it all again leaves
import { readFileSync } from 'node:fs';

const RELOADS = 10;
const [task, contender, document, requests] = process.argv.slice(2);

/** Each is given what takes its least: ours a path, `@msw/source` a parsed document, since text it takes for YAML. */
const MAKERS = {
  ours: async () => {
    const { createHandlers } = await import('../dist/msw/index.js');
    return (options) => createHandlers({ document, ...options });
  },
  source: async () => {
    const { fromOpenApi } = await import('@msw/source/open-api');
    return () => fromOpenApi(JSON.parse(readFileSync(document, 'utf8')));
  },
};

const make = await MAKERS[contender]();
if (task === 'ready') await becomeReady();
else if (task === 'first') await respondToEach();
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

async function respondToEach() {
  const { getResponse } = await import('msw');
  const handlers = await make({ baseUrl: 'http://127.0.0.1', validate: false });
  // The fetch of Node is loaded when it is first used, which takes as long for any server.
  await new Request('http://127.0.0.1', { method: 'POST', body: '{}' }).text();
  const spent = [];
  for (const { path, method } of JSON.parse(requests)) {
    const startedAt = processorMs();
    const response = await getResponse(handlers, new Request(`http://127.0.0.1${path}`, { method }));
    await response?.text();
    spent.push(processorMs() - startedAt);
  }
  console.log(JSON.stringify(spent));
}

/** Time that this thread has had a processor, in milliseconds. */
function processorMs() {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)) / 1e6;
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
