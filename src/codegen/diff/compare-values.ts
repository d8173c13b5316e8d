import { hasTightened } from './constraints.js';
import { canonical } from './interner.js';
import { showValue, showValues } from './show.js';
import type { Finding, Pair, Placed, SchemaComparer } from './types.js';

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
    const [textBefore, textAfter] = [canonical(was, name), canonical(is, name)];
    if (textBefore === textAfter) return [];
    const subject = name === 'format' ? 'format' : 'constraint';
    return [
      {
        kind: `${direction}-${subject}-${hasTightened(name, was, is) ? 'tightened' : 'loosened'}`,
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

function named(name: string, value: unknown): string | null {
  return value === undefined ? null : `${name} ${showValue(value)}`;
}
