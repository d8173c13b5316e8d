import {
  APIConnectionError,
  APIError,
  CredentialError,
  checkArgument,
  InvalidArgumentError,
  VercelError,
} from '../../errors/index.js';
import { neverLeft } from '../../http/network-error.js';
import { checkConnector } from '../check-arguments.js';
import { callOptionNames, readOptions } from '../request-context.js';
import { callForObject } from '../rest-client.js';
import type { State } from '../state.js';
import { type CheckedItem, snapshotItem } from './check-item.js';
import { matchResults } from './match-results.js';
import type {
  ConnectImportItemResult,
  ConnectImportOptions,
  ConnectImportResult,
  ConnectImportToken,
  ImportOutcome,
} from './types.js';

const DEFAULT_BATCH = 500;
const MAX_BATCH = 10_000;
const MAX_BATCH_LENGTH = 1_000_000;

const IMPORT_OPTIONS = callOptionNames({
  ...{ vercelToken: true, region: true, forceRefresh: true, signal: true, batchSize: true },
} satisfies Readonly<Record<keyof ConnectImportOptions, true>>);

type SoundItem = Extract<CheckedItem, { readonly text: string }>;
type Results = Map<number, ConnectImportItemResult>;

/** See {@link ConnectClient.importTokens}. */
export async function importTokens(
  state: State,
  connector: string,
  tokens: readonly ConnectImportToken[],
  options: ConnectImportOptions = {},
): Promise<ConnectImportResult> {
  checkConnector(connector);
  readOptions(options, IMPORT_OPTIONS);
  checkArgument(Array.isArray(tokens), 'tokens', 'must be an array', tokens);
  const { batchSize = DEFAULT_BATCH, ...own } = options;
  const isSize = Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= MAX_BATCH;
  checkArgument(isSize, 'options.batchSize', `must be a whole number from 1 to ${MAX_BATCH}`, batchSize);
  const items = tokens.map(snapshotItem);
  const given = [...tokens];
  const results: Results = new Map();
  const sound: SoundItem[] = [];
  for (const item of items) {
    if ('text' in item) sound.push(item);
    else
      results.set(item.index, { index: item.index, succeeded: false, outcome: 'invalid', error: item.error });
  }
  // Without a sound item there is nothing to ask, unless nothing at all was given: then the API says what it says.
  const batches = sound.length === 0 && items.length > 0 ? [] : split(sound, batchSize);
  const accepted = await sendAll(state, connector, batches, own, results);
  const inOrder = [...results.values()].sort((a, b) => a.index - b.index);
  const failed = inOrder
    .filter(({ succeeded }) => !succeeded)
    .flatMap(({ index }) => given.slice(index, index + 1));
  const imported = inOrder.length - failed.length;
  // Not enumerable, so that nothing that shows or writes the result shows a token.
  return Object.defineProperty({ accepted, imported, tokens: inOrder }, 'failed', {
    value: failed,
  }) as unknown as ConnectImportResult; // It has all of the fields now.
}

async function sendAll(
  state: State,
  connector: string,
  batches: readonly SoundItem[][],
  options: ConnectImportOptions,
  results: Results,
): Promise<number> {
  let accepted = 0;
  let sent = 0;
  if (batches.length > 0) options.signal?.throwIfAborted();
  try {
    for (const batch of batches) {
      accepted += await sendBatch(state, connector, batch, options, results);
      sent++;
    }
  } catch (error) {
    const [failed, ...later] = batches.slice(sent);
    if (failed === undefined || (sent === 0 && (failed.length === 0 || neverBegan(error, options))))
      throw error;
    mark(failed, options.signal?.aborted === true ? 'unknown' : outcomeOf(error), error, results);
    for (const batch of later) mark(batch, 'unsent', error, results);
  } finally {
    // Also after a failure: some items may have arrived. A connector has two names, so every cached refusal is dropped.
    state.grants.consented();
  }
  return accepted;
}

/** Whether a first batch was never sent, for a reason that lies with the caller or a framework and not with the API. */
function neverBegan(error: unknown, { signal }: ConnectImportOptions): boolean {
  if (error instanceof InvalidArgumentError || error instanceof CredentialError) return true;
  // E.g. what a framework throws to end a prerender.
  return !(error instanceof VercelError) && signal?.aborted !== true;
}

async function sendBatch(
  { contexts }: State,
  connector: string,
  batch: readonly SoundItem[],
  options: ConnectImportOptions,
  results: Results,
): Promise<number> {
  // A copy of the checked item: the caller may have changed its own since.
  const tokens = batch.map(({ text }) => JSON.parse(text));
  const sent = { path: { connector }, body: { tokens } };
  const data = await contexts.resolve(options, (context) =>
    callForObject<Record<string, unknown>>(context, 'importConnectorTokens', sent, options.signal),
  );
  const matched = matchResults(tokens, Array.isArray(data.tokens) ? data.tokens : []);
  for (const [place, { index }] of batch.entries()) {
    const one = matched[place];
    const outcome = one === undefined ? 'unknown' : one.succeeded === true ? 'imported' : 'rejected';
    results.set(index, { ...one, index, succeeded: outcome === 'imported', outcome });
  }
  return typeof data.accepted === 'number' ? data.accepted : batch.length;
}

/** Statuses that may be about the items of a batch; all other 4xx are about the request. */
const ABOUT_ITEMS: ReadonlySet<number> = new Set([400, 409, 422]);

/** Tells what a failed request says of its items. */
function outcomeOf(error: unknown): ImportOutcome {
  if (error instanceof APIConnectionError) return neverLeft(error) ? 'unsent' : 'unknown';
  if (!(error instanceof APIError)) return error instanceof CredentialError ? 'unsent' : 'unknown';
  if (error.status === 408 || error.status >= 500) return 'unknown';
  return ABOUT_ITEMS.has(error.status) ? 'rejected' : 'unsent';
}

function mark(batch: readonly SoundItem[], outcome: ImportOutcome, thrown: unknown, results: Results): void {
  const error = thrown instanceof Error ? thrown : new Error('stopped', { cause: thrown });
  for (const { index } of batch) results.set(index, { index, succeeded: false, outcome, error });
}

function split(items: readonly SoundItem[], batchSize: number): SoundItem[][] {
  const batches: SoundItem[][] = [[]];
  let length = 0;
  for (const item of items) {
    const last = batches.at(-1) ?? [];
    const isFull = last.length >= batchSize || length + item.text.length > MAX_BATCH_LENGTH;
    if (isFull && last.length > 0) {
      batches.push([item]);
      length = 0;
    } else last.push(item);
    length += item.text.length;
  }
  return batches;
}
