// Builds and runs the programs of test/hosts from the packed package: `npm run test:hosts`, or with names for some of
// them: `npm run test:hosts -- next-16 vite-8-ssr`. `--tarball <file>` takes another package, such as an earlier release.
// `--keep` leaves the projects where they are. A run of all hosts writes docs/supported-hosts.md.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ApiServer, type RecordedRequest, startApi } from './hosts/api-server.js';
import { type Host, pickHosts, readHosts } from './hosts/host-folders.js';
import { type Row, toPage, toText } from './hosts/table.js';
import { installedVersion, pathWith, run, type Source, Workspace } from './hosts/workspace.js';
import { packInto, root } from './stranger.js';

const TEAM = 'team_1';
const BEARER = 'Bearer host-bearer';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tarball: { type: 'string' }, keep: { type: 'boolean', default: false } },
});
const hostsFolder = join(root, 'test/hosts');
const sources = findSources();

/** The documents that generated folders are made from: ours, and the newest published one where there is one. */
function findSources(): readonly Source[] {
  const fixture = { name: 'fixture', document: join(hostsFolder, 'fixture.openapi.json') };
  const specs = join(root, '../shared/specs');
  const newest = (existsSync(specs) ? readdirSync(specs) : [])
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1);
  if (newest !== undefined) return [fixture, { name: 'whole API', document: join(specs, newest) }];
  console.log(
    'The whole API is skipped: no published documents were found in ../shared/specs beside the repository.',
  );
  return [fixture];
}

/** Runs every host, and forgets the project of a folder once its last host has run. */
async function runAll(hosts: readonly Host[], workspace: Workspace, api: ApiServer): Promise<Row[]> {
  const rows: Row[] = [];
  const projects = new Map<string, Promise<string>>();
  for (const host of hosts) {
    const started = performance.now();
    const row = await runHost(host, workspace, api, projects);
    rows.push({ ...row, seconds: (performance.now() - started) / 1000 });
    console.log(toText(rows.slice(-1)).split('\n')[0]);
  }
  return rows;
}

async function runHost(
  host: Host,
  workspace: Workspace,
  api: ApiServer,
  projects: Map<string, Promise<string>>,
): Promise<Omit<Row, 'seconds'>> {
  const base = { host: host.name, version: '', ran: [] };
  const reason = skipReason(host);
  if (reason !== undefined) return { ...base, result: 'skipped', reason };
  let folder: string;
  let env: Record<string, string>;
  try {
    env = await environmentOf(host, workspace, api);
    folder = await projectOf(host, workspace, projects);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const isAbsent = /E404|ETARGET|notarget|ENOTFOUND|EAI_AGAIN|EBADPLATFORM/.test(text);
    console.error(text);
    return { ...base, result: isAbsent ? 'skipped' : 'failed', reason: `not installed: ${firstLine(text)}` };
  }
  const version = await versionOf(host, folder, env);
  const ran = new Set<string>();
  for (const source of host.generated === true ? sources : sources.slice(0, 1)) {
    const problem = await runOnce(host, { folder, env, source, workspace, api, ran });
    if (problem?.skipped) return { ...base, version, result: 'skipped', reason: problem.text };
    if (problem !== undefined) {
      return { ...base, version, ran: [...ran], result: 'failed', reason: problem.text };
    }
  }
  return { ...base, version, ran: [...ran], result: 'passed' };
}

interface Trial {
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly source: Source;
  readonly workspace: Workspace;
  readonly api: ApiServer;
  /** Collects the names of what ran, for the table. */
  readonly ran: Set<string>;
}

/** Runs a host's script with one generated folder. @returns What went wrong. */
async function runOnce(host: Host, trial: Trial): Promise<{ text: string; skipped: boolean } | undefined> {
  const { folder, env, source, workspace, api, ran } = trial;
  if (host.generated) {
    const generated = join(folder, 'vercel');
    rmSync(generated, { recursive: true, force: true });
    cpSync(await workspace.generate(source, host.importExtension), generated, { recursive: true });
  }
  api.forget();
  const { ok, output } = await run('npm', ['run', '--silent', host.script], folder, {
    env: { ...env, SOURCE: source.name },
  });
  const skipped = /^skipped: (.*)$/m.exec(output)?.[1];
  if (ok && skipped !== undefined) return { text: skipped, skipped: true };
  const problem = ok ? findMissing(host, api.requests) : `npm run ${host.script} failed`;
  if (problem !== undefined) {
    console.error(`--- ${host.name}, ${source.name}: ${problem}\n${output.slice(-6_000)}\n---`);
    const line = ok
      ? problem
      : firstLine(output.match(/^.*\b\w*(?:Error|ERR_\w+|FAIL)\b.*$/m)?.[0] ?? problem);
    return { text: host.generated ? `${line} (${source.name})` : line, skipped: false };
  }
  for (const what of whatRan(host, source, api.requests, output)) ran.add(what);
  return undefined;
}

/** Compares the requests with what the host has to make. */
function findMissing(host: Host, requests: readonly RecordedRequest[]): string | undefined {
  const wrong = requests.find(({ authorization }) => authorization !== BEARER);
  if (wrong !== undefined) return `${wrong.method} ${wrong.path} did not carry the bearer`;
  if (host.expects.includes('rest') && !requests.some(isBuiltIn))
    return 'the server saw no GET of the built-in types';
  if (host.expects.includes('token') && !requests.some(isToken)) return 'the server saw no token request';
  const generated = requests.filter(isGenerated);
  if (host.generated && host.expects.includes('rest') && generated.length === 0)
    return 'the server saw no GET of the generated folder';
  if (generated.some(({ query }) => query.teamId !== TEAM))
    return 'a GET of the generated folder had no team';
  return undefined;
}

function whatRan(
  host: Host,
  source: Source,
  requests: readonly RecordedRequest[],
  output: string,
): readonly string[] {
  return [
    ...(requests.some(isBuiltIn) ? ['GET'] : []),
    ...(host.generated
      ? [`generated ${host.expects.includes('rest') ? 'GET' : 'types'} (${source.name})`]
      : []),
    ...(requests.some(isToken) ? ['token'] : []),
    // What the server cannot see, such as a mock test, is printed by the program once it has passed.
    ...[...output.matchAll(/^(?:# )?ran: (.*)$/gm)].map(([, what = '']) => what),
  ];
}

const isBuiltIn = ({ method, path }: RecordedRequest) =>
  method === 'GET' && path === '/v2/connect/connectors';
const isGenerated = ({ path }: RecordedRequest) => path === '/v9/projects/acme';
const isToken = ({ path }: RecordedRequest) => path.startsWith('/v1/connect/token/');

function skipReason(host: Host): string | undefined {
  if (process.platform === 'win32') return 'the programs are started with POSIX paths';
  return host.script === '' ? 'no script' : undefined;
}

async function environmentOf(
  host: Host,
  workspace: Workspace,
  api: ApiServer,
): Promise<Record<string, string>> {
  const current = Number.parseInt(process.versions.node, 10);
  const wanted = host.node ?? (current < host.minNode ? host.minNode : undefined);
  const path = wanted === undefined ? undefined : pathWith(await workspace.node(wanted));
  const common = {
    API_URL: api.url,
    NEXT_TELEMETRY_DISABLED: '1',
    NO_UPDATE_NOTIFIER: '1',
    CI: 'true',
    ...host.env,
  };
  return path === undefined ? common : { ...common, PATH: path };
}

/** The installed project of a host: one a folder, and one of its own for a host with versions of its own. */
function projectOf(
  host: Host,
  workspace: Workspace,
  projects: Map<string, Promise<string>>,
): Promise<string> {
  const isOwn = Object.keys(host.install).length > 0 || host.installs;
  const name = isOwn ? `${host.folder}-${host.name}` : host.folder;
  const known = projects.get(name);
  if (known !== undefined) return known;
  const made = workspace.project(join(hostsFolder, host.folder), name, host.install).then(async (folder) => {
    if (!host.installs) await workspace.install(folder);
    return folder;
  });
  projects.set(name, made);
  return made;
}

async function versionOf(host: Host, folder: string, env: Record<string, string>): Promise<string> {
  const packages = host.versions.map((name) => `${name} ${installedVersion(folder, name)}`.trim());
  const { output } = await run('node', ['--version'], folder, { env });
  return [...packages, `Node ${output.trim().replace('v', '')}`].join(', ');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) ?? '';
}

const picked = pickHosts(readHosts(hostsFolder), positionals);
const packed = mkdtempSync(join(tmpdir(), 'vercel-rest-packed-'));
const workspace = new Workspace(values.tarball === undefined ? packInto(packed) : resolve(values.tarball));
const api = await startApi();
try {
  const rows = await runAll(picked, workspace, api);
  console.log(`\n${toText(rows)}`);
  const isWhole = positionals.length === 0 && values.tarball === undefined;
  if (isWhole && process.env.CI === undefined)
    writeFileSync(join(root, 'docs/supported-hosts.md'), toPage(rows));
  if (rows.some(({ result }) => result === 'failed')) process.exitCode = 1;
} finally {
  await api.close();
  rmSync(packed, { recursive: true, force: true });
  if (values.keep) console.log(`The projects are in ${workspace.folder}`);
  else workspace.remove();
}
