import { APIError, AuthenticationError, InvalidArgumentError } from '../errors/index.js';
import type { NewEnvVariable } from '../generated/platform/environment.js';
import { checkOwnFields } from '../http/json-copy.js';
import { isRecord, recordOf } from '../util/is-record.js';
import { describeValue, safeText } from '../util/redact.js';
import {
  BUILT_IN,
  type EnvironmentIds,
  type EnvStep,
  formatEnvPlan,
  type PlannedStep,
  planVariables,
  type WantedVariable,
} from './env-plan.js';
import { asPlatform, type PlatformClient, type Requires } from './platform-client.js';

/** Options of {@link syncEnv}. */
export interface SyncEnvOptions {
  /** Only reads and plans. Default `false`. */
  readonly dryRun?: boolean | undefined;
  /** Removes variables of the project that are not wanted. Those that an integration keeps stay. Default `false`. */
  readonly prune?: boolean | undefined;
  /** The environments of variables that name none. Default: `production`, `preview` and `development`. */
  readonly target?: readonly string[] | undefined;
  /** The type of new variables that name none. Default `encrypted`. */
  readonly type?: NewEnvVariable['type'] | undefined;
  /** Writes sensitive variables anew, whose values cannot be compared. Default `false`: they stay as they are. */
  readonly rewriteSensitive?: boolean | undefined;
  /** Called with the plan before anything changes, and awaited. When it gives `false`, nothing is changed. */
  readonly onPlan?: ((plan: EnvPlan) => unknown) | undefined;
  /** Ends the sync, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A plan, which holds no value. */
export interface EnvPlan {
  /** Steps in the order in which they run. */
  readonly steps: readonly EnvStep[];
  /** The plan for people, a line a step. */
  toString(): string;
}

/** Outcome of one step. */
export interface EnvOutcome extends EnvStep {
  /** `planned` in a dry run, `kept` where nothing had to be done. */
  readonly status: 'done' | 'failed' | 'planned' | 'kept';
  /** The API's code for a failure; `target_conflict` for a step in conflict. */
  readonly code?: string | undefined;
  /** The API's text for a failure, without any value. */
  readonly message?: string | undefined;
}

/** Result of {@link syncEnv}. */
export interface SyncEnvReport {
  /** The plan that was carried out. */
  readonly plan: EnvPlan;
  /** The outcome of each step, in the order of the plan. */
  readonly outcomes: readonly EnvOutcome[];
  /** The outcomes that failed. */
  readonly failed: readonly EnvOutcome[];
}

/** Variables that are sent in one request. */
const BATCH_SIZE = 100;
/** Statuses of a request that one variable of many may be the reason for. */
const SPLIT_STATUSES: ReadonlySet<number> = new Set([400, 403, 409, 422]);

/**
 * Brings the environment variables of a project in step with a list.
 *
 * Values are compared, so that a second run changes nothing. Many variables are sent in one request, and each that the API
 * refuses is named in the report; the others are there. No value is in the plan, the report or an error.
 *
 * @param project - Id or name.
 * @param wanted - Variables, or values by name.
 * @returns The report. It does not reject where single variables are refused: look at `failed`.
 * @throws {InvalidArgumentError} For a variable without a name, one that is wanted twice, and an environment that the
 *   project does not have; nothing is changed then.
 *
 * @example
 * const { failed } = await syncEnv(client, 'storefront', { API_URL: 'https://api.example.com' }, {
 *   target: ['production', 'staging'],
 *   onPlan: (plan) => console.log(String(plan)),
 * });
 */
export async function syncEnv<C extends object>(
  client: C &
    Requires<
      C,
      'getProject' | 'filterProjectEnvs' | 'createProjectEnv' | 'editProjectEnv' | 'removeProjectEnv'
    >,
  project: string,
  wanted: Iterable<WantedVariable> | Readonly<Record<string, string>>,
  options: SyncEnvOptions = {},
): Promise<SyncEnvReport> {
  const variables = readWanted(wanted);
  const sync: Sync = { platform: asPlatform(client), project, options, ids: new Map() };
  const found = await sync.platform.call('getProject', {
    params: { path: { idOrName: project } },
    signal: options.signal,
  });
  const ids = new Map((found.data.customEnvironments ?? []).map(({ slug, id }) => [slug, id]));
  const { data } = await sync.platform.call('filterProjectEnvs', {
    params: { path: { idOrName: project }, query: { decrypt: 'true' } },
    signal: options.signal,
  });
  const present = data.envs ?? [];
  const { target = BUILT_IN, prune = false, rewriteSensitive = false } = options;
  const steps = planVariables(present, variables, ids, { target, prune, rewriteSensitive });
  const shown = steps.map(withoutWanted);
  const plan: EnvPlan = { steps: shown, toString: () => formatEnvPlan(shown) };
  const mayChange = (await options.onPlan?.(plan)) !== false && options.dryRun !== true;
  const outcomes = mayChange
    ? await apply({ ...sync, ids }, steps)
    : steps.map((step) => describe(step, 'planned'));
  return { plan, outcomes, failed: outcomes.filter(({ status }) => status === 'failed') };
}

interface Sync {
  readonly platform: PlatformClient;
  readonly project: string;
  readonly options: SyncEnvOptions;
  readonly ids: EnvironmentIds;
}

function readWanted(wanted: Iterable<WantedVariable> | Readonly<Record<string, string>>): WantedVariable[] {
  if (!(Symbol.iterator in wanted)) checkOwnFields(wanted, 'wanted');
  const list =
    Symbol.iterator in wanted
      ? // What can be iterated is the list; a record has no such symbol.
        [...(wanted as Iterable<WantedVariable>)]
      : Object.entries(wanted).map(([key, value]) => ({ key, value }));
  for (const { key, value } of list) {
    if (typeof key !== 'string' || key === '') {
      throw new InvalidArgumentError('wanted.key', `must be a non-empty string, got ${describeValue(key)}`);
    }
    if (typeof value !== 'string') {
      throw new InvalidArgumentError('wanted.value', `of ${key} must be a string, got ${typeof value}`);
    }
  }
  return list;
}

/** Returns a step without the value that it carries. */
function withoutWanted({ action, key, target, gitBranch, note }: PlannedStep): EnvStep {
  return { action, key, target, gitBranch, note };
}

function describe(
  step: PlannedStep,
  status: EnvOutcome['status'],
  failure: { readonly code?: string | undefined; readonly message?: string | undefined } = {},
): EnvOutcome {
  return { ...withoutWanted(step), status: step.action === 'keep' ? 'kept' : status, ...failure };
}

/** Takes the steps: removals that make room first, then changes, then what is not wanted goes. */
async function apply(sync: Sync, steps: readonly PlannedStep[]): Promise<readonly EnvOutcome[]> {
  const outcomes = new Map<PlannedStep, EnvOutcome>();
  const take = async (chosen: readonly PlannedStep[], act: (step: PlannedStep) => Promise<unknown>) => {
    for (const step of chosen) {
      try {
        await act(step);
        outcomes.set(step, describe(step, 'done'));
      } catch (error) {
        outcomes.set(step, failureOf(step, error));
      }
    }
  };
  const { platform, project, options } = sync;
  const { signal } = options;
  const pathOf = ({ id = '' }: PlannedStep) => ({ path: { idOrName: project, id } });
  const remove = (step: PlannedStep) => platform.call('removeProjectEnv', { params: pathOf(step), signal });
  const edit = (step: PlannedStep) => {
    const { key: _, type, ...rest } = toBody(step, sync);
    // The type of a variable that exists stays, unless another one is asked for.
    const body = step.wanted?.type === undefined ? rest : { ...rest, type };
    return platform.call('editProjectEnv', { params: pathOf(step), body, signal });
  };
  const of = (...actions: readonly string[]) => steps.filter(({ action }) => actions.includes(action));
  const joined = of('remove').filter(({ note }) => note === 'joined');
  await take(joined, remove);
  await take(of('edit'), edit);
  const upserts = of('create', 'update');
  for (let at = 0; at < upserts.length; at += BATCH_SIZE) {
    await upsert(sync, upserts.slice(at, at + BATCH_SIZE), outcomes);
  }
  const unwanted = of('remove').filter((step) => !outcomes.has(step));
  await take(unwanted, remove);
  return steps.map((step) => {
    if (step.action === 'conflict')
      return describe(step, 'failed', { code: 'target_conflict', message: step.note });
    return outcomes.get(step) ?? describe(step, 'done');
  });
}

/** @throws What concerns every step: an abort, and a credential that is refused. */
function failureOf(step: PlannedStep, error: unknown): EnvOutcome {
  if (!(error instanceof Error) || error instanceof AuthenticationError || error.name === 'AbortError')
    throw error;
  const code = error instanceof APIError ? (error.code ?? String(error.status)) : error.name;
  const said = error instanceof APIError ? error.serverMessage : undefined;
  return describe(step, 'failed', { code, message: withoutValue(said ?? error.message, step) });
}

/** The text of a server, unless it repeats the value. */
function withoutValue(message: string, { wanted }: PlannedStep): string | undefined {
  const isTelling = wanted !== undefined && wanted.value !== '' && message.includes(wanted.value);
  return isTelling ? undefined : safeText(message);
}

function toBody(
  { wanted, key, target, gitBranch, presentType }: PlannedStep,
  { ids, options }: Sync,
): NewEnvVariable {
  const custom = target.flatMap((name) => ids.get(name) ?? []);
  return {
    key,
    value: wanted?.value ?? '',
    // A type that exists was accepted by the API once.
    type: wanted?.type ?? (presentType as NewEnvVariable['type'] | undefined) ?? options.type ?? 'encrypted',
    // Both lists are always sent, so that an environment that is no longer wanted is dropped.
    target: BUILT_IN.filter((name) => target.includes(name)),
    ...(ids.size > 0 ? { customEnvironmentIds: custom } : {}),
    ...(gitBranch === undefined ? {} : { gitBranch }),
    ...(wanted?.comment === undefined ? {} : { comment: wanted.comment }),
  };
}

/** Sends many variables in one request; where the whole request is refused, each half of them. */
async function upsert(
  sync: Sync,
  steps: readonly PlannedStep[],
  outcomes: Map<PlannedStep, EnvOutcome>,
): Promise<void> {
  const { platform, project, options } = sync;
  const body = steps.map((step) => toBody(step, sync));
  const params = { path: { idOrName: project }, query: { upsert: 'true' } };
  try {
    const { data } = await platform.call('createProjectEnv', { params, body, signal: options.signal });
    account(steps, data, outcomes);
  } catch (error) {
    options.signal?.throwIfAborted();
    const isSplit = error instanceof APIError && SPLIT_STATUSES.has(error.status) && steps.length > 1;
    if (!isSplit) {
      for (const step of steps) outcomes.set(step, failureOf(step, error));
      return;
    }
    const middle = Math.ceil(steps.length / 2);
    await upsert(sync, steps.slice(0, middle), outcomes);
    await upsert(sync, steps.slice(middle), outcomes);
  }
}

/** Finds for every variable that was sent whether it was created or refused. */
function account(
  steps: readonly PlannedStep[],
  data: { readonly created?: unknown; readonly failed?: unknown },
  outcomes: Map<PlannedStep, EnvOutcome>,
): void {
  const open = new Set(steps);
  const take = (fields: Readonly<Record<string, unknown>>): PlannedStep | undefined => {
    const key = fields.envVarKey ?? fields.key;
    const candidates = [...open].filter((step) => step.key === key);
    const target = [fields.target ?? []].flat();
    const step =
      candidates.find((one) => target.some((name) => one.target.includes(String(name)))) ?? candidates[0];
    if (step !== undefined) open.delete(step);
    return step;
  };
  for (const failure of listOf(data.failed)) {
    const error = recordOf(failure.error);
    const step = take(error);
    if (step === undefined) continue;
    const message = withoutValue(String(error.message ?? ''), step);
    outcomes.set(step, describe(step, 'failed', { code: String(error.code ?? 'unknown'), message }));
  }
  for (const created of listOf(data.created)) {
    const step = take(created);
    if (step !== undefined) outcomes.set(step, describe(step, 'done'));
  }
  const message = 'the response names it neither as created nor as failed';
  for (const step of open) outcomes.set(step, describe(step, 'failed', { code: 'unaccounted', message }));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return [value ?? []].flat().filter(isRecord);
}
