import { kindOf } from './kinds.js';
import { fromPointer, nameOfPlace } from './pointer.js';
import type { Change } from './types.js';

/** A change before it is put into words. */
export type Facts = Omit<Change, 'advice' | 'at' | 'field'> & {
  /** How the parameter is called, for a change in one. */
  readonly parameter?: string | undefined;
};

/** Puts a change into words: place, field, what changed, and what to do. */
export function putIntoWords({ parameter, ...facts }: Facts): Change {
  const at = facts.operations[0]?.at ?? '';
  const field = nameOfPlace(placeOf(facts.kind, at), parameter);
  return { ...facts, at, field, advice: adviceOf({ ...facts, field }) };
}

/** Prose ends at its keyword; it is about what holds it. */
function placeOf(kind: string, at: string): string {
  const keyword = kind.replace(/-changed$/, '');
  const isOfOperation = fromPointer(at).length === 1;
  return !isOfOperation && at.endsWith(`/${keyword}`) ? at.slice(0, -keyword.length - 1) : at;
}

function adviceOf(change: Omit<Change, 'advice' | 'at'>): string {
  const { says, todo } = kindOf(change.kind);
  const [first, ...others] = change.operations;
  const where =
    first === undefined
      ? ''
      : `${first.operationId} (${first.method} ${first.path})${others.length > 0 ? ` and ${others.length} more` : ''}: `;
  return `${where}${change.field} ${says}${detail(change)}. ${todo}`;
}

function detail({ before, after }: Pick<Change, 'before' | 'after'>): string {
  if (before === null) return after === null ? '' : `: ${after}`;
  return after === null ? ` (was ${before})` : `: ${before} → ${after}`;
}
