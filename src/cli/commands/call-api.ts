import type { UntypedInit } from '../../client/call.js';
import { nearestName } from '../../client/option-names.js';
import { paginate } from '../../client/paginate.js';
import { operations } from '../../generated/index.js';
import type { OperationInfo } from '../../openapi/operation-info.js';
import { defined } from '../../util/defined.js';
import { isRecord } from '../../util/is-record.js';
import { terminalJson, terminalText } from '../../util/terminal-text.js';
import { teamQuery } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { callUntyped, openClient } from '../open-client.js';
import { readCredentials } from '../scheme-flags.js';
import { readJsonFlag, readParam, readText, refuseSecrets } from '../terminal/input.js';
import { pickFields, print } from '../terminal/print.js';
import { formatTable } from '../terminal/table.js';
import type { CallFlags } from './api.js';

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const table: Readonly<Record<string, OperationInfo>> = operations.operations;

/** Calls the operation or the path that the words name. @throws {UsageError} */
export async function callApi(words: readonly string[], flags: CallFlags, io: CliContext): Promise<void> {
  if (flags.list === true) return listOperations(flags, io);
  const fields = await readFields(flags, io);
  const hasBody = flags.data !== undefined || Object.keys(fields).length > 0;
  const route = findRoute(words, flags.method, hasBody ? 'POST' : 'GET');
  const init = await readInit(route, fields, flags, io);
  const { method, path } = route;
  const own = flags.credential === undefined ? {} : await readCredentials(flags.credential, io);
  const client = await openClient(flags, io, own);
  if (flags.paginate === true) {
    if (method !== 'GET') throw new UsageError('--paginate goes with GET');
    // What the types would check, the table checks at run time.
    const list = (paginate as (...call: unknown[]) => AsyncIterable<unknown>)(client, path, init);
    for await (const item of list) io.stdout(`${terminalJson(pickFields(item, flags.fields))}\n`);
    return;
  }
  const { data, response } = await callUntyped(client, method, path, init);
  if (flags.include === true) {
    const { status, statusText, headers } = response;
    // Cookies are left out, which are credentials.
    const shown = [...headers].filter(([name]) => name !== 'set-cookie');
    const lines = [`HTTP ${status} ${statusText}`.trimEnd(), ...shown.map((header) => header.join(': '))];
    io.stdout(`${lines.map(terminalText).join('\n')}\n\n`);
  }
  if (data !== undefined) io.stdout(`${terminalJson(pickFields(data, flags.fields), 2)}\n`);
}

/** Reads everything that is sent besides method and path. Fields of a GET go into its query. */
async function readInit(
  { method, path, query, operation }: Route,
  fields: Readonly<Record<string, unknown>>,
  flags: CallFlags,
  io: CliContext,
): Promise<UntypedInit> {
  const own = Object.fromEntries((flags.param ?? []).map((text) => readParam(text)));
  const ofPath: Record<string, string> = {};
  for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g)) {
    const value = own[name];
    if (value === undefined) throw new UsageError(`${path} needs --param ${name}=...`);
    ofPath[name] = value;
  }
  for (const name of Object.keys(ofPath)) delete own[name];
  const team = teamQuery(flags.team);
  // A path that the document does not have gets the team all the same: nearly all of the API takes one.
  if (flags.team !== undefined && operation?.team.some((name) => name in team) === false)
    throw new UsageError('--team: this operation takes no team');
  const isRead = method === 'GET';
  if (isRead && flags.data !== undefined) throw new UsageError('--data: a GET has no body');
  return defined({
    params: { path: ofPath, query: { ...query, ...own, ...(isRead ? fields : {}), ...team } },
    body: isRead ? undefined : await readBody(flags.data, fields, io),
    headers: flags.header && Object.fromEntries(flags.header.map(readHeader)),
    signal: io.signal,
  });
}

/** The fields of `-f` and `-F`. @throws {UsageError} For a secret on the command line. */
async function readFields(flags: CallFlags, io: CliContext): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const text of flags.rawField ?? []) {
    const [name, value] = readParam(text, '--raw-field');
    fields[name] = value;
    await refuseSecrets('--raw-field', { [name]: value }, '-F name=@file, -F name=@- or -F name=env:NAME');
  }
  for (const text of flags.field ?? []) {
    const [name, value] = readParam(text, '--field');
    const isInline = !value.startsWith('@') && !value.startsWith('env:');
    const read = isInline ? value : (await readText('--field', value, io)).trimEnd();
    const isLiteral = isInline && /^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(read);
    fields[name] = isLiteral ? JSON.parse(read) : read;
    if (isInline)
      await refuseSecrets('--field', { [name]: value }, `${name}=@file, ${name}=@- or ${name}=env:NAME`);
  }
  return fields;
}

async function readBody(
  data: string | undefined,
  fields: Readonly<Record<string, unknown>>,
  io: CliContext,
): Promise<unknown> {
  const hasFields = Object.keys(fields).length > 0;
  if (data === undefined) return hasFields ? fields : undefined;
  const body = await readJsonFlag('--data', data, io);
  if (!hasFields) return body;
  if (!isRecord(body)) throw new UsageError('-f and -F add to --data, which must then be a JSON object');
  return { ...body, ...fields };
}

function readHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError('--header must be name:value');
  if (name.toLowerCase() === 'authorization')
    throw new UsageError('--header: give the credential as VERCEL_TOKEN, which no list of processes shows');
  return [name, value];
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly operation: OperationInfo | undefined;
}

function findRoute(words: readonly string[], flag: string | undefined, usual: string): Route {
  const [first, second, ...rest] = words;
  if (first === undefined) throw new UsageError('name an operation, or a path; --list shows the ids');
  if (rest.length > 0) throw new UsageError('too many words: give an operation id, or a method and a path');
  const known = Object.hasOwn(table, first) ? table[first] : undefined;
  if (second === undefined && known !== undefined) {
    if (flag !== undefined && flag.toUpperCase() !== known.method)
      throw new UsageError(`--method: ${first} is a ${known.method}`);
    return { method: known.method, path: known.path, query: {}, operation: known };
  }
  const [named, target] = second === undefined ? [undefined, first] : [first, second];
  if (!target.includes('/')) throw unknownOperation(target);
  if (named !== undefined && flag !== undefined)
    throw new UsageError('give the method once: before the path, or as --method');
  const method = (named ?? flag ?? usual).toUpperCase();
  if (!METHODS.has(method)) throw new UsageError(`the method must be one of ${[...METHODS].join(', ')}`);
  const [path = '', search = ''] = target.split('?', 2);
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const operation = Object.values(table).find((one) => one.method === method && one.path === rooted);
  return { method, path: rooted, query: Object.fromEntries(new URLSearchParams(search)), operation };
}

function unknownOperation(name: string): UsageError {
  const nearest = nearestName(name, Object.keys(table));
  const hint = nearest === undefined ? '--list shows those that there are.' : `did you mean ${nearest}?`;
  return new UsageError(`no operation is called ${name}; ${hint} A path such as /v2/user calls any other`);
}

async function listOperations(flags: CallFlags, io: CliContext): Promise<void> {
  const rows = Object.entries(table).map(([operationId, { method, path }]) => ({
    operationId,
    method,
    path,
  }));
  const cells = rows.map((row) => Object.values(row));
  const columns = [{ title: 'operation' }, { title: 'method' }, { title: 'path' }];
  await print({ io, flags }, rows, await formatTable(columns, cells, io));
}
