import { trendOf } from './constraints.js';
import { showValue, showValues } from './show.js';
import type { Constraint, Finding, Pair, Placed, SchemaComparer } from './types.js';

/** Listed values, and every keyword that restricts them. */
export function compareValues({ direction }: SchemaComparer, pair: Pair): Finding[] {
  return [...compareEnums(direction, pair), ...compareConstraints(direction, pair)];
}

type Values = Placed<ReadonlyMap<string, unknown>>;

function compareEnums(direction: string, { before, after, atAfter }: Pair): Finding[] {
  const [a, b] = [before.enum, after.enum];
  if (a === undefined || b === undefined) return a === b ? [] : [openedOrClosed(direction, a, b, atAfter)];
  const cause = [a, b].map(({ value }) => [...value.keys()].sort().join()).join(' -> ');
  const added = [...b.value].filter(([text]) => !a.value.has(text)).map(([, value]) => value);
  const gone = [...a.value].filter(([text]) => !b.value.has(text)).map(([, value]) => value);
  const shared = { cause, lacks: 'name' } as const;
  // None of the values that somebody waits for, or sends, is left.
  if (gone.length === a.value.size && added.length > 0 && gone.length > 0) {
    const values = { before: showValues(gone), after: showValues(added) };
    return [{ kind: `${direction}-enum-replaced`, at: b.at, side: 'after', ...values, ...shared }];
  }
  const findings: Finding[] = [];
  if (added.length > 0) {
    const values = { before: null, after: showValues(added) };
    findings.push({ kind: `${direction}-enum-value-added`, at: b.at, side: 'after', ...values, ...shared });
  }
  if (gone.length > 0) {
    const values = { before: showValues(gone), after: null };
    findings.push({ kind: `${direction}-enum-value-removed`, at: b.at, side: 'after', ...values, ...shared });
  }
  return findings;
}

function openedOrClosed(
  direction: string,
  before: Values | undefined,
  after: Values | undefined,
  atAfter: readonly string[],
): Finding {
  return {
    kind: `${direction}-enum-${after === undefined ? 'opened' : 'closed'}`,
    at: after?.at ?? atAfter,
    side: 'after',
    before: before === undefined ? 'any value' : showValues(before.value.values()),
    after: after === undefined ? 'any value' : showValues(after.value.values()),
    cause: [before, after].map((values) => [...(values?.value.keys() ?? [])].sort().join()).join(' -> '),
    lacks: 'name',
  };
}

function compareConstraints(direction: string, { before, after, atAfter }: Pair): Finding[] {
  const names = new Set([...before.constraints.keys(), ...after.constraints.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.constraints.get(name), after.constraints.get(name)];
    const [textBefore, textAfter] = [was, is].map((each) => each?.texts.join(' and '));
    if (textBefore === textAfter) return [];
    return [
      {
        kind: constraintKind(direction, name, trendOf(name, was, is)),
        at: atAfter,
        side: 'after',
        before: named(name, was),
        after: named(name, is),
        cause: `${name} ${textBefore} ${textAfter}`,
        lacks: 'owner',
      },
    ];
  });
}

function constraintKind(direction: string, name: string, trend: ReturnType<typeof trendOf>): string {
  if (name === 'format') return `${direction}-format-${trend === 'changed' ? 'tightened' : trend}`;
  // It tells alternatives apart that are told apart anyway: to gain or to lose it restricts nothing.
  if (name === 'discriminator' && trend !== 'changed') return 'discriminator-changed';
  return `${direction}-constraint-${trend}`;
}

function named(name: string, constraint: Constraint | undefined): string | null {
  if (constraint === undefined) return null;
  return `${name} ${constraint.values.map(showValue).join(' and ')}`;
}
