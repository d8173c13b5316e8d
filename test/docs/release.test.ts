// The release workflow keeps the rules that CONTRIBUTING states, and the one place that sets the repository's address works.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './pages.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const text = readFileSync(`${ROOT}.github/workflows/release.yml`, 'utf8');
const workflow: { permissions: object; jobs: Record<string, Job> } = parse(text);
const runsOf = (job: Job | undefined) => (job?.steps ?? []).map(({ run }) => run ?? '').join('\n');

test.each(readdirSync(`${ROOT}.github/workflows`))(
  '%s pins each action by a commit, with its version',
  (name) => {
    const uses = readFileSync(`${ROOT}.github/workflows/${name}`, 'utf8').match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  },
);

test('publish alone may ask for an identity, and sees no checkout, installation or test', () => {
  expect(workflow.permissions).toEqual({});
  const identified = Object.entries(workflow.jobs).filter(([, { permissions }]) => permissions?.['id-token']);
  expect(identified.map(([name]) => name)).toEqual(['publish']);
  const publish = workflow.jobs.publish;
  expect(publish?.permissions).toEqual({ 'id-token': 'write' });
  expect(publish?.needs).toEqual(['build', 'try']);
  expect((publish?.steps ?? []).map(({ uses }) => uses ?? '').join()).not.toContain('checkout');
  expect(runsOf(publish).trim()).toMatch(/^cd release && sha256sum --check SHA256SUMS && npm publish/);
});

test('build checks tag and address before it installs anything, and runs every suite', () => {
  const runs = runsOf(workflow.jobs.build);
  const order = [
    'GITHUB_REF_NAME',
    'set-repository.mjs',
    'npm ci',
    'npm run check',
    'npm pack',
    'npm audit --',
    'npm sbom',
  ];
  const places = order.map((part) => runs.indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThanOrEqual(0);
  for (const part of ['test:fleet', 'valkey-server', 'vercel.lock.json', 'cyclonedx', 'SHA256SUMS'])
    expect(runs).toContain(part);
});

test('the address of the repository comes from one variable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'set-repository-'));
  try {
    for (const name of ['package.json', 'README.md'])
      writeFileSync(join(folder, name), readFileSync(`${ROOT}${name}`));
    const set = (url: string) =>
      execFileSync(process.execPath, [`${ROOT}scripts/set-repository.mjs`, folder], {
        env: { ...process.env, REPOSITORY_URL: url },
        stdio: 'pipe',
      });
    expect(() => set('')).toThrow(/REPOSITORY_URL/);
    set('https://github.com/acme/vercel-rest');
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(manifest.repository.url).toBe('git+https://github.com/acme/vercel-rest.git');
    expect(manifest.homepage).toBe('https://github.com/acme/vercel-rest#readme');
    expect(manifest.bugs.url).toBe('https://github.com/acme/vercel-rest/issues');
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).not.toContain('not yet on npm');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
