import { fromPointer } from '../../openapi/json-pointer.js';
import { kindOf } from './kinds.js';
import { nameOfPlace } from './pointer.js';
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
  const [first, ...others] = change.operations;
  if (first === undefined) return sentenceOf(change);
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `${first.operationId} (${first.method} ${first.path})${more}: ${sentenceOf(change)}`;
}

/** The advice without the operations: field, what changed, and what to do. */
export function sentenceOf(change: Wordable): string {
  const { says, todo } = wordsOf(change);
  return `${change.field} ${says.map(textOf).join('')} ${todo}`;
}

type Wordable = Pick<Change, 'kind' | 'field' | 'before' | 'after'>;

/** Words of this package, or text that stands in a document, which a report must not take for markup. */
export type Piece = string | { readonly text: string };

/** Returns what follows the field in that sentence: what changed, and what to do. */
export function wordsOf(change: Wordable): {
  readonly says: readonly Piece[];
  readonly todo: string;
} {
  const { says, todo } = kindOf(change.kind);
  return { says: [says, ...detail(change), '.'], todo };
}

function textOf(piece: Piece): string {
  return typeof piece === 'string' ? piece : piece.text;
}

function detail({ kind, before, after }: Pick<Change, 'kind' | 'before' | 'after'>): readonly Piece[] {
  // The status and the call are already named.
  if (/^(response-status|operation)-(added|removed)$/.test(kind)) return [];
  if (before === null) return after === null ? [] : [': ', { text: after }];
  return after === null
    ? [' (was ', { text: before }, ')']
    : [': ', { text: before }, ' → ', { text: after }];
}
