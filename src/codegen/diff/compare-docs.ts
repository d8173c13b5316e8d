import { canonical } from './interner.js';
import { showValue } from './show.js';
import type { Finding, Pair, Placed } from './types.js';

/** What is said to a person about a schema; what a default is belongs here, for a caller that relies on none. */
export function compareDocs({ before, after }: Pair): Finding[] {
  const names = new Set([...before.docs.keys(), ...after.docs.keys()]);
  return [...names].flatMap((name) => compareText(name, before.docs.get(name), after.docs.get(name)));
}

/** One keyword of prose. */
export function compareText(
  name: string,
  before: Placed<unknown> | undefined,
  after: Placed<unknown> | undefined,
): Finding[] {
  const [was, is] = [before, after].map((placed) =>
    placed === undefined ? undefined : canonical(placed.value, name),
  );
  if (was === is) return [];
  return [
    {
      kind: `${name}-changed`,
      at: (after ?? before)?.at ?? [],
      side: after === undefined ? 'before' : 'after',
      before: showValue(before?.value),
      after: showValue(after?.value),
      cause: `${was} ${is}`,
    },
  ];
}
