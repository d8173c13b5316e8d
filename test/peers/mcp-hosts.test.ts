import { readFileSync, writeFileSync } from 'node:fs';
import { getResponse } from 'msw';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createConnectEmulator, type RunningServer } from '../../src/msw/index.js';
import { HOST_NAMES, type Outcome, play, SCENARIOS, type Scenario, type Stage } from './mcp-hosts.js';
import { startOther } from './mcp-other.js';

const emulator = createConnectEmulator();
let server: RunningServer;
let other: Awaited<ReturnType<typeof startOther>>;

beforeAll(async () => {
  // Not by msw, which splits the body of every response that it lets pass: the first SDK then waits for ever for a
  // `body.cancel()` to end.
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (...call: Parameters<typeof fetch>) => {
    const [input] = call;
    const isApi = String(input instanceof Request ? input.url : input).startsWith('https://api.vercel.com/');
    const response = isApi ? await getResponse(emulator.handlers, new Request(...call)) : undefined;
    return response ?? fetch(...call);
  });
  server = await emulator.providers.listen();
  other = await startOther();
});
afterAll(async () => {
  await server.close();
  await other.close();
  vi.unstubAllGlobals();
});

/** How each scenario ends here: the outcome, and the token and authorize requests that it costs. */
const EXPECTED: Readonly<Record<Scenario, RegExp>> = {
  'good token': /^works \(1, 0\)$/,
  'no grant': /^consent page \(1, 1\)$/,
  'stale token': /^works \(1, 0\)$/,
  'revoked grant': /^consent page \(1, 1\)$/,
  '20 callers, no grant': /^consent page \(1, 1\)$/,
  'wrong origin': /^error \(\w+\) \(0, 0\)$/,
  redirect: /^error \(\w+\) \(1, 0\)$/,
};

/** Hosts tell a provider no URL, so it cannot bind its token to one, and only one kind makes them send a request again. */
function expectedOf(host: string, scenario: Scenario): RegExp {
  if (!host.includes(' with ') || scenario === 'good token') return EXPECTED[scenario];
  if (scenario === 'wrong origin') return /^error \(\w+\)/;
  if (isSpread(host, scenario)) return /^consent page \((?:1|1 or 2), 1\)$/;
  if (scenario === 'stale token' && host.endsWith('connectAuthProvider')) return /^error \(\w+\) \(1, 0\)$/;
  return EXPECTED[scenario];
}

/**
 * Whether the callers of a scenario ask at times of their host's own: a provider is asked for its token before each request, and
 * a caller that asks after the consent page of another was made may ask Connect once more. No page is made twice.
 */
function isSpread(host: string, scenario: Scenario): boolean {
  return scenario === '20 callers, no grant' && host.endsWith('connectAuthProvider');
}

const PAGE = new URL('../../docs/mcp.md', import.meta.url);
const TYPES = ['http', 'sse'] as const;
const PACKAGES = ['vercel-rest', '@vercel/connect'] as const;

describe('every host, transport and scenario', () => {
  const results = new Map<string, string>();

  it.each(HOST_NAMES.flatMap((host) => TYPES.map((type) => [host, type] as const)))(
    '%s, %s',
    async (host, type) => {
      const stage: Stage = { emulator, server, other };
      const wrong: string[] = [];
      for (const scenario of SCENARIOS) {
        for (const packageName of PACKAGES) {
          const played = show(await play(stage, host, packageName, type, scenario));
          const outcome = isSpread(host, scenario) ? played.replace(/\([12], 1\)$/, '(1 or 2, 1)') : played;
          results.set([scenario, host, packageName, type].join(), outcome);
        }
        const here = results.get([scenario, host, 'vercel-rest', type].join()) ?? '';
        if (!expectedOf(host, scenario).test(here)) wrong.push(`${scenario}: ${here}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it('end as docs/mcp.md says; UPDATE_DOCS=1 writes what it says', () => {
    const cells = (scenario: Scenario, host: (typeof HOST_NAMES)[number]) =>
      PACKAGES.map((name) => TYPES.map((type) => results.get([scenario, host, name, type].join()) ?? ''));
    const rows = SCENARIOS.flatMap((scenario) =>
      HOST_NAMES.map((host) => `| ${[scenario, host, ...cells(scenario, host).map(merge)].join(' | ')} |`),
    );
    const table = [
      '| scenario | host | vercel-rest | @vercel/connect 2.3.2 |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
    const page = readFileSync(PAGE, 'utf8');
    const [, before = '', written = '', after = ''] =
      /^([\s\S]*<!-- hosts -->\n)([\s\S]*)(\n<!-- \/hosts -->[\s\S]*)$/.exec(page) ?? [];
    if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, `${before}${table}${after}`);
    else expect(withoutTheirCounts(written)).toBe(withoutTheirCounts(table));
  });
});

/** One cell for both transports where they end alike. */
function merge([http = '', sse = '']: readonly string[]): string {
  return http === sse ? http : `http: ${http}; sse: ${sse}`;
}

/** How often the peer asks when twenty callers race depends on the machine. */
function withoutTheirCounts(table: string): string {
  return table.replaceAll(/(\| 20 callers.*\|.*\| )(.*)( \|)/g, (_, start, cell, end) => {
    return `${start}${String(cell).replaceAll(/ \(\d+, \d+\)/g, '')}${end}`;
  });
}

function show(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '–';
  const { text, tokenRequests, authorizeRequests } = outcome;
  return `${text} (${tokenRequests}, ${authorizeRequests})`;
}
