import type { Command } from 'commander';
import type { UntypedInit } from '../../client/call.js';
import { createClient } from '../../client/create-client.js';
import { paginate } from '../../client/paginate.js';
import { operations } from '../../generated/index.js';
import type { OperationInfo } from '../../openapi/operation-info.js';
import { terminalJson } from '../../util/terminal-text.js';
import { chooseBearer } from '../bearer.js';
import { type Io, UsageError } from '../io.js';
import { readJsonFlag, readParam } from '../terminal/input.js';
import { callUntyped } from './call-untyped.js';

interface ApiFlags {
  readonly baseUrl?: string;
  readonly team?: string;
  readonly param?: string[];
  readonly data?: string;
  readonly paginate?: boolean;
  readonly list?: boolean;
}

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const table: Readonly<Record<string, OperationInfo>> = operations.operations;

/** Adds `vercel-rest api`. */
export function addApi(program: Command, io: Io): void {
  program
    .command('api')
    .description('call any operation, by its id or by method and path')
    .argument('[operation...]', 'e.g. listConnectors, or GET /v2/user')
    .option('--param <name=value>', 'path or query parameter; repeatable', repeat)
    .option('--data <json>', 'the body: @file.json, @-, env:NAME or JSON without secrets')
    .option('--paginate', 'print the items of all pages, one JSON a line')
    .option('--list', 'list the operations that have an id')
    .option('--team <team>', 'the team, by id (team_...) or slug')
    .option('--base-url <url>', 'where the API is')
    .option('--json', 'nothing else is printed anyway')
    .addHelpText(
      'after',
      '\nPrints the answer as JSON. Example: vercel-rest api getConnector --param connector=slack/acme-slack',
    )
    .action((words: string[], flags: ApiFlags) => callApi(words, flags, io));
}

async function callApi(words: readonly string[], flags: ApiFlags, io: Io): Promise<void> {
  if (flags.list === true) return io.stdout(listOperations());
  const { method, path, operation } = findRoute(words);
  const values = Object.fromEntries((flags.param ?? []).map(readParam));
  const pathNames = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  const missing = pathNames.find((name) => values[name] === undefined);
  if (missing !== undefined) throw new UsageError(`${path} needs --param ${missing}=...`);
  const isPath = ([name]: [string, unknown]) => pathNames.includes(name);
  const query = Object.fromEntries(Object.entries(values).filter((entry) => !isPath(entry)));
  const init: UntypedInit = {
    params: {
      path: Object.fromEntries(Object.entries(values).filter(isPath)),
      query: { ...query, ...teamOf(flags.team, operation) },
    },
    ...(flags.data === undefined ? {} : { body: await readJsonFlag('--data', flags.data, io) }),
    signal: io.signal,
  };
  const { baseUrl } = flags;
  const bearerToken = chooseBearer(baseUrl, io.env);
  const client = createClient({ baseUrl, ...(bearerToken === undefined ? {} : { bearerToken }) });
  if (flags.paginate === true) {
    if (method !== 'GET') throw new UsageError('--paginate goes with GET');
    // What the types would check, the table checks at run time.
    const list = (paginate as (...call: unknown[]) => AsyncIterable<unknown>)(client, path, init);
    for await (const item of list) io.stdout(`${terminalJson(item)}\n`);
    return;
  }
  const { data } = await callUntyped(client, method, path, init);
  if (data !== undefined) io.stdout(`${terminalJson(data, 2)}\n`);
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationInfo | undefined;
}

function findRoute([first, second, ...rest]: readonly string[]): Route {
  if (first === undefined)
    throw new UsageError('name an operation, or METHOD and path; --list shows the ids');
  if (rest.length > 0) throw new UsageError('too many words: give an operation id, or METHOD and path');
  if (second === undefined && Object.hasOwn(table, first)) {
    const operation = table[first];
    if (operation !== undefined) return { method: operation.method, path: operation.path, operation };
  }
  const method = first.toUpperCase();
  if (second !== undefined && METHODS.has(method) && second.startsWith('/')) {
    const operation = Object.values(table).find((one) => one.method === method && one.path === second);
    return { method, path: second, operation };
  }
  throw new UsageError(
    second === undefined
      ? `no operation is called ${first}; --list shows those that there are, and METHOD /path calls any other`
      : `give ${[...METHODS].join(', ')} and a path that begins with /`,
  );
}

/** A path that the document does not have gets the team all the same: nearly all of the API takes one. */
function teamOf(team: string | undefined, operation: OperationInfo | undefined): Record<string, string> {
  if (team === undefined) return {};
  const name = team.startsWith('team_') ? 'teamId' : 'slug';
  if (operation !== undefined && !operation.team.includes(name))
    throw new UsageError('--team: this operation takes no team');
  return { [name]: team };
}

function listOperations(): string {
  return Object.entries(table)
    .map(([id, { method, path }]) => `${id.padEnd(38)}  ${method.padEnd(6)}  ${path}\n`)
    .join('');
}

function repeat(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
