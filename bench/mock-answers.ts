import { readFileSync } from 'node:fs';
import { fromOpenApi } from '@msw/source/open-api';
import { getResponse } from 'msw';
import { compare } from './measure.js';
import { COMMAND, commandOf, HANDLERS, PATHS, PRISM, SOURCE } from './mock-contenders.js';
import { startMock } from './mock-server.js';
import { createHandlers } from './packages.js';
import { freePort, type Prism } from './prism.js';
import { atLeast, atMost, type Section, times, timesOf } from './report.js';

const EFFORT = { calls: 25, rounds: 21 };
/** What each server is asked before it is measured, so that its code is compiled. */
const WARM_UP = 2_000;
const [FIRST_PATH = ''] = PATHS;

/** How fast handlers answer what they have answered before. */
export async function measureHandlers(document: string): Promise<Section> {
  const handlers = {
    [HANDLERS]: createHandlers({ document }),
    [SOURCE]: await fromOpenApi(JSON.parse(readFileSync(document, 'utf8'))),
  };
  const contenders = Object.entries(handlers).map(([name, own]) => ({
    name,
    work: async () => {
      for (const path of PATHS) {
        const headers = { authorization: 'Bearer bench' };
        await (await getResponse(own, new Request(`https://api.vercel.com${path}`, { headers })))?.text();
      }
    },
  }));
  const comparison = await compare(contenders, EFFORT);
  const msOf = (name: string) => comparison.time(name).median / 1000 / PATHS.length;
  return {
    title: 'An answer of handlers, again',
    note: `Time of one answer that was given before, through \`getResponse\` of msw: ${PATHS.length} GET operations in turn.`,
    head: ['contender', 'handlers', 'ms', 'vercel-rest ÷ it (quartiles)'],
    rows: Object.entries(handlers).map(([name, own]) => [
      name,
      String(own.length),
      msOf(name).toFixed(3),
      timesOf(comparison.ratio(HANDLERS, name)),
    ]),
    targets: [
      atMost('A repeated answer of a handler', msOf(HANDLERS), 1, (value) => `${value.toFixed(2)} ms`),
    ],
  };
}

/** The same over HTTP, beside Prism; nothing without it. */
export async function measureServers(document: string, prism: Prism | undefined): Promise<Section[]> {
  if (prism === undefined) return [];
  const servers = new Map([
    [COMMAND, await startMock(commandOf(document), FIRST_PATH)],
    [PRISM, await startMock(prism.serve(document, await freePort()), FIRST_PATH)],
  ]);
  try {
    const contenders = [...servers].map(([name, server]) => ({
      name,
      work: () => Promise.all(PATHS.map((path) => server.ask(path))),
    }));
    for (const server of servers.values())
      for (let call = 0; call < WARM_UP; call++) await server.ask(PATHS[call % PATHS.length] ?? FIRST_PATH);
    const comparison = await compare(contenders, EFFORT);
    const perSecond = (name: string) => (1e6 * PATHS.length) / comparison.time(name).median;
    return [
      {
        title: 'Answers of a server, again',
        note: `${PATHS.length} connections that stay, each with one GET operation, asked at the same time; after ${WARM_UP} requests.`,
        head: ['contender', 'answers a second', 'times Prism (quartiles)'],
        rows: [...servers.keys()].map((name) => [
          name,
          perSecond(name).toFixed(0),
          timesOf(comparison.ratio(PRISM, name)),
        ]),
        targets: [
          atLeast('Answers a second over HTTP: of Prism', comparison.ratio(PRISM, COMMAND).median, 10, times),
        ],
      },
    ];
  } finally {
    for (const server of servers.values()) await server.close();
  }
}
