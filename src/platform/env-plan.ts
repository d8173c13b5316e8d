import { InvalidArgumentError } from '../errors/index.js';
import type { EnvVariable, NewEnvVariable } from '../generated/platform/environment.js';

/** A variable as it should be. */
export interface WantedVariable {
  /** Name of the variable. */
  readonly key: string;
  /** Value of the variable. */
  readonly value: string;
  /** Default: that of the variable that exists, else `encrypted`. */
  readonly type?: NewEnvVariable['type'] | undefined;
  /** `production`, `preview`, `development`, and custom environments by slug or id. Default: `target` of the options. */
  readonly target?: readonly string[] | undefined;
  /** The branch of a preview. Default: all of them. */
  readonly gitBranch?: string | undefined;
  /** Default: that of the variable that exists, else none. */
  readonly comment?: string | undefined;
}

/**
 * One step of a plan.
 *
 * `create`, `update` (its value), `edit` (more than its value, or its environments), `remove`, `keep`, and `conflict` for
 * what cannot be done without taking a value from an environment that is not named.
 */
export type EnvAction = 'create' | 'update' | 'edit' | 'remove' | 'keep' | 'conflict';

/** A step of a plan, which says everything but values. */
export interface EnvStep {
  /** The action of the step. */
  readonly action: EnvAction;
  /** Name of the variable. */
  readonly key: string;
  /** Environments by name. */
  readonly target: readonly string[];
  /** Branch of a preview variable. */
  readonly gitBranch: string | undefined;
  /** The fields that change, or the reason why it is kept or in conflict; empty for what is as it should be. */
  readonly note: string;
}

/** A step with what is needed to take it. */
export interface PlannedStep extends EnvStep {
  /** Id of the variable that exists. */
  readonly id: string | undefined;
  readonly wanted: WantedVariable | undefined;
  /** Type of the variable that exists. */
  readonly presentType: string | undefined;
}

/** Custom environments by slug. */
export type EnvironmentIds = ReadonlyMap<string, string>;

interface PlanOptions {
  readonly target: readonly string[];
  readonly prune: boolean;
  readonly rewriteSensitive: boolean;
}

/** A variable that exists, as far as a plan has to know it. */
interface Existing {
  readonly id: string;
  readonly variable: EnvVariable;
  /** By name. Shrinks and grows as the plan goes on. */
  target: ReadonlySet<string>;
  isTaken: boolean;
}

/** The environments that every project has. */
export const BUILT_IN = ['production', 'preview', 'development'] as const;
const UNREADABLE: ReadonlySet<string> = new Set(['sensitive', 'secret']);

/**
 * Compares the variables that exist with those that are wanted.
 *
 * @throws {InvalidArgumentError} For an environment that the project does not have, and a variable that is wanted twice.
 */
export function planVariables(
  present: readonly EnvVariable[],
  wanted: readonly WantedVariable[],
  ids: EnvironmentIds,
  options: PlanOptions,
): readonly PlannedStep[] {
  const all = wanted.map((variable) => ({ ...variable, target: namesOf(variable, ids, options) }));
  const seen = new Set<string>();
  for (const { key, gitBranch, target } of all)
    for (const name of target) {
      const place = JSON.stringify([key, gitBranch ?? '', name]);
      if (seen.has(place)) throw new InvalidArgumentError('wanted', `has ${key} twice for ${name}`);
      seen.add(place);
    }
  const slugs = new Map([...ids].map(([slug, id]) => [id, slug]));
  const existing = present.flatMap((variable): Existing[] => {
    // Without an id it cannot be changed: the API shows some that are not the project's own.
    if (variable.id === undefined) return [];
    const custom = (variable.customEnvironmentIds ?? []).map((id) => slugs.get(id) ?? id);
    const target = new Set([...[variable.target ?? []].flat(), ...custom]);
    return [{ id: variable.id, variable, target, isTaken: false }];
  });
  const steps = all.flatMap((variable) => stepsFor(variable, all, existing, options));
  const left = existing.filter(({ isTaken, variable }) => !isTaken && !isManaged(variable));
  const removals = options.prune ? left.map((one) => removal(one, 'not wanted')) : [];
  return [...steps, ...removals];
}

type Resolved = WantedVariable & { readonly target: readonly string[] };

/** The environments of a variable by name; a custom one may be given by its id. */
function namesOf(
  { key, target }: WantedVariable,
  ids: EnvironmentIds,
  options: PlanOptions,
): readonly string[] {
  const slugs = new Map([...ids].map(([slug, id]) => [id, slug]));
  const names = (target ?? options.target).map((name) => slugs.get(name) ?? name);
  const known: readonly string[] = [...BUILT_IN, ...ids.keys()];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.length === 0) {
    const rule = `of ${key} must name environments of the project: ${known.join(', ')}`;
    throw new InvalidArgumentError('target', rule);
  }
  return [...new Set(names)];
}

/** Variables that an integration or the platform keeps. */
function isManaged({ type, system, configurationId }: EnvVariable): boolean {
  return type === 'system' || system === true || Boolean(configurationId);
}

function stepsFor(
  wanted: Resolved,
  all: readonly Resolved[],
  existing: readonly Existing[],
  options: PlanOptions,
): readonly PlannedStep[] {
  const { key, target, gitBranch } = wanted;
  const found = existing.filter(
    (one) =>
      one.variable.key === key &&
      (one.variable.gitBranch ?? undefined) === gitBranch &&
      target.some((name) => one.target.has(name)),
  );
  const [first, ...others] = found;
  const step = (action: EnvAction, note: string, id?: string): PlannedStep => ({
    action,
    key,
    target,
    gitBranch,
    note,
    id,
    wanted,
    presentType: first?.variable.type,
  });
  if (first === undefined) return [step('create', '')];
  for (const one of found) one.isTaken = true;
  if (found.some(({ variable }) => isManaged(variable))) return [step('conflict', 'an integration keeps it')];
  const extra = found.flatMap((one) => [...one.target].filter((name) => !target.includes(name)));
  const isWanted = (name: string) =>
    all.some((other) => other.key === key && other.gitBranch === gitBranch && other.target.includes(name));
  const lost = options.prune ? [] : extra.filter((name) => !isWanted(name));
  if (lost.length > 0) return [step('conflict', `it also has a value for ${lost.join(', ')}`)];
  const changes = changesOf(first.variable, wanted, options);
  const isExact = others.length === 0 && extra.length === 0 && first.target.size === target.length;
  first.target = new Set(target);
  for (const one of others) one.target = new Set();
  if (!isExact) {
    return [
      ...others.map((one) => removal(one, 'joined')),
      step('edit', ['target', ...changes].join(', '), first.id),
    ];
  }
  if (changes.length > 0) {
    const isValueAlone = changes.length === 1 && changes[0] === 'value';
    return [step(isValueAlone ? 'update' : 'edit', changes.join(', '), first.id)];
  }
  if (!UNREADABLE.has(first.variable.type)) return [step('keep', '', first.id)];
  return [
    options.rewriteSensitive
      ? step('update', 'value', first.id)
      : step('keep', 'its value cannot be read', first.id),
  ];
}

/** The fields that differ. A value that cannot be read is taken for equal. */
function changesOf(
  present: EnvVariable,
  wanted: WantedVariable,
  { rewriteSensitive }: PlanOptions,
): string[] {
  const isReadable = !UNREADABLE.has(present.type);
  const type = wanted.type ?? present.type;
  const isChanged = isReadable ? present.value !== wanted.value : type !== present.type || rewriteSensitive;
  return [
    ...(isChanged ? ['value'] : []),
    ...(type === present.type ? [] : ['type']),
    ...(wanted.comment === undefined || wanted.comment === (present.comment ?? '') ? [] : ['comment']),
  ];
}

function removal({ id, variable, target }: Existing, note: string): PlannedStep {
  return {
    action: 'remove',
    key: variable.key,
    target: [...target],
    gitBranch: variable.gitBranch ?? undefined,
    note,
    id,
    wanted: undefined,
    presentType: variable.type,
  };
}

const SIGNS: Readonly<Record<EnvAction, string>> = {
  create: '+',
  update: '~',
  edit: '~',
  remove: '-',
  keep: ' ',
  conflict: '!',
};

/**
 * Prints a plan: a line a step, but for what stays as it is, and a summary. It holds no value.
 *
 * @example
 * formatEnvPlan(steps);
 * // + API_URL   production, preview
 * // ~ API_KEY   production           value
 * // 1 to create, 1 to change, 0 to remove, 12 unchanged, 0 in conflict
 */
export function formatEnvPlan(steps: readonly EnvStep[]): string {
  const shown = steps.filter(({ action, note }) => action !== 'keep' || note !== '');
  const rows = shown.map((step) => [
    `${SIGNS[step.action]} ${step.key}`,
    step.target.join(', ') + (step.gitBranch === undefined ? '' : ` (${step.gitBranch})`),
    step.note,
  ]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const count = (...actions: readonly EnvAction[]) =>
    steps.filter(({ action }) => actions.includes(action)).length;
  const summary =
    `${count('create')} to create, ${count('update', 'edit')} to change, ${count('remove')} to remove, ` +
    `${count('keep')} unchanged, ${count('conflict')} in conflict`;
  return [...lines, summary].join('\n');
}
