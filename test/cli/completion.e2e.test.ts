// The completion scripts in the shells that they are for, sourced as the help says. A shell that this machine does not have
// is left out, and that is said.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const served = useServed(createConnectEmulator());
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-completion-'));
  // As an installed package has it: a command on the path that leads to the file.
  await symlink(run.path(), join(folder, 'vercel-rest'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a shell offers after a line whose last word is being typed. */
type Complete = (line: string) => Promise<string[]>;

const shell = async (program: string, args: readonly string[], script: string): Promise<string[]> => {
  const env = {
    ...{ PATH: `${folder}:${process.env.PATH ?? ''}`, HOME: folder, TERM: 'dumb' },
    VERCEL_REST_BASE_URL: served.url,
  };
  const { stdout } = await promisify(execFile)(program, [...args, '-c', script], { env, timeout: 30_000 });
  return stdout.split('\n').filter((word) => word !== '');
};

const bash: Complete = (line) => {
  const words = line.split(' ');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  return shell(
    'bash',
    ['--norc', '--noprofile'],
    `source <(vercel-rest completion bash)
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
$(complete -p vercel-rest | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
};

const fish: Complete = (line) =>
  shell('fish', ['--no-config'], `vercel-rest completion fish | source; complete -C '${line}'`).then(
    (lines) => lines.map((one) => one.split('\t', 1).join('')),
  );

// The function of zsh is bash's, by way of bashcompinit, which fills in the same variables.
const zsh: Complete = (line) => {
  const words = line.split(' ');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  return shell(
    'zsh',
    ['--no-rcs'],
    `autoload -U +X compinit && compinit -u -d ${folder}/zcompdump
source <(vercel-rest completion zsh)
() {
  emulate -L sh; setopt kshglob noshglob braceexpand
  COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
  _vercel_rest
  printf '%s\\n' "\${COMPREPLY[@]}"
}`,
  );
};

const SHELLS: readonly (readonly [name: string, complete: Complete])[] = [
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
];
const isThere = (name: string) => spawnSync(name, ['--version']).error === undefined;
for (const [name] of SHELLS)
  if (!isThere(name)) console.log(`skipped: completion in ${name}, which this machine does not have`);

describe.each(SHELLS.filter(([name]) => isThere(name)))('in %s', (_name, complete) => {
  test.each([
    ['vercel-rest ', ['api', 'completion', 'connect', 'token'], ['list', 'add']],
    ['vercel-rest con', ['connect'], ['completion', 'token']],
    [
      'vercel-rest connect ',
      ['attach', 'authorize', 'contacts', 'list', 'ls', 'open', 'revoke-tokens'],
      ['mock'],
    ],
    ['vercel-rest connect re', ['remove', 'revoke-tokens'], ['attach']],
    ['vercel-rest connect contacts ', ['add'], ['list']],
    ['vercel-rest connect list --al', ['--all', '--all-projects'], ['--limit']],
    ['vercel-rest connect attach slack/a --project prj_1 --trigger-', ['--trigger-path'], ['--project']],
    ['vercel-rest token slack/a --sub', ['--subject'], ['--scopes']],
    ['vercel-rest connect authorize --no-', ['--no-open', '--no-wait'], ['--yes']],
    ['vercel-rest connect get sl', ['slack/acme-slack'], ['oauth/linear']],
    ['vercel-rest token --scopes a ', ['slack/acme-slack', 'oauth/linear', 'github/acme'], ['--json']],
    ['vercel-rest api getConnector', ['getConnector', 'getConnectorToken'], ['listConnectors']],
    ['vercel-rest connect list --sort ', ['name', 'createdAt', 'updatedAt'], ['--all']],
    ['vercel-rest connect attach slack/a -e pre', ['preview'], ['production']],
    ['vercel-rest completion ', ['bash', 'zsh', 'fish'], ['powershell']],
  ])('%j', async (line, offered, others) => {
    const words = await complete(line);
    expect(words).toEqual(expect.arrayContaining(offered));
    for (const other of others) expect(words).not.toContain(other);
  });
});
