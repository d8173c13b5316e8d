// What the published program writes on a terminal of 80 and of 120 columns: no row is wrapped, and so no word is broken.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator({ credentials: () => ({ kind: 'access' }) });
const served = useServed(emulator);
let folder = '';

// `script` of util-linux makes the pseudo-terminal.
const hasTerminal = spawnSync('script', ['--version']).error === undefined;
if (!hasTerminal) console.log('skipped: output on a terminal, for which this machine has no `script`');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-terminal-'));
  await writeFile(join(folder, 'tokens.json'), JSON.stringify([{ accessToken: 'a', environment: '' }]));
});
beforeEach(() => {
  emulator.reset();
  emulator.addConnector({
    uid: 'slack/日本語チームのワークスペース',
    name: '日本語チームのワークスペースと通知',
  });
  emulator.addConnector({ uid: `oauth/${'a-long-name-'.repeat(6)}`, name: 'Customers and '.repeat(6) });
  emulator.addConnector({ uid: 'linear/crm', links: { prj_shop: ['production', 'preview'] } });
});
afterAll(() => rm(folder, { recursive: true }));

/** What one command line writes on a terminal, and the code with which it ends. */
function onTerminal(line: string, columns: number): Promise<{ text: string; code: number | null }> {
  const program = `stty cols ${columns} && exec "$NODE" "$PROGRAM" ${line}`;
  const env = {
    ...{ PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm', CI: 'true', VERCEL_TOKEN: 'me' },
    ...{ NODE: process.execPath, PROGRAM: run.path(), VERCEL_REST_BASE_URL: served.url },
  };
  const child = spawn('script', ['-qec', program, '/dev/null'], { env, cwd: folder });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ text, code })));
}

const LINES: readonly (readonly [line: string, code: number])[] = [
  ['--help', 0],
  ['connect --help', 0],
  ['connect attach --help', 0],
  ['connect list', 0],
  ['connect list --all-projects', 0],
  ['connect list --limit 2', 0],
  ['connect list --search nobody', 0],
  ['connect get slack/acme-slack', 0],
  ['connect get slack/nobody', 1],
  ['connect service slack', 0],
  ['connect projects linear/crm', 0],
  ['connect connectors prj_shop', 0],
  [`connect create linear --name 'A connector with a name of many words' --project prj_shop`, 0],
  ['connect update linear/crm --name New', 0],
  ['connect attach linear/crm --project prj_shop --triggers --yes', 0],
  ['connect attach linear/crm', 2],
  ['connect detach linear/crm --project prj_shop --yes', 0],
  [
    'connect triggers linear/crm --to prj_shop,path=/hook --to prj_shop,branch=a-branch,path=/another/hook',
    0,
  ],
  ['connect token oauth/linear --subject user:user_9 < /dev/null', 1],
  ['token slack/acme-slack', 0],
  ['connect authorize oauth/linear --subject user:user_9 --no-wait', 0],
  ['connect import-tokens linear/crm tokens.json', 1],
  ['connect remove linear/crm --yes', 1],
  ['connect eject linear/crm --yes', 1],
  ['connect revoke-tokens linear/crm --all-tokens --yes', 0],
  ['connect open linear/crm', 0],
  ['connect contacts add linear/crm --phone-number +15550100', 1],
  ['connect lst', 2],
  ['api --list', 0],
  ['api listConnector', 2],
  ['deploy ./nothing', 2],
  ['wait dpl_1 --timeout 1', 1],
  ['logs dpl_1', 1],
  ['env sync nothing.env --project shop', 2],
  ['mock --fault 503:10%', 2],
  ['pull --check --url http://127.0.0.1:1/openapi.json', 1],
  ['diff one.json two.json', 1],
  ['generate nothing.json', 2],
  ['completion powershell', 2],
];

/** How many lines a table has: its heading, and one a row. */
const TABLES: Readonly<Record<string, number>> = {
  'connect list': 8,
  'connect list --all-projects': 8,
  'connect projects linear/crm': 2,
  'connect connectors prj_shop': 8,
  'api --list': 23,
};

describe.runIf(hasTerminal).each([80, 120])('a terminal of %i columns', (columns) => {
  test.each(LINES)('%s', async (line, code) => {
    const outcome = await onTerminal(line, columns);
    // A status line begins again at the left.
    const rows = stripVTControlCharacters(outcome.text).split(/\r?\n|\r/);
    expect(rows.filter((row) => stringWidth(row) > columns)).toEqual([]);
    expect(outcome.code, outcome.text).toBe(code);
    const lines = TABLES[line];
    if (lines !== undefined)
      expect(
        rows.filter((row) => row !== ''),
        outcome.text,
      ).toHaveLength(lines);
    expect(outcome.text).not.toMatch(/ {4}at /);
  });
});
