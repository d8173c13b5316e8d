import { fromPointer } from '../../openapi/json-pointer.js';
import { kindOf } from './kinds.js';
import type { Change } from './types.js';

/** A change before it is put into words. */
export type Facts = Omit<Change, 'advice' | 'at' | 'field'> & {
  /** The words for the parameter, for a change in one. */
  readonly parameter?: string | undefined;
};

/** Puts a change into words: place, field, what changed, and what to do. */
export function putIntoWords({ parameter, ...facts }: Facts): Change {
  const [first, ...others] = facts.operations;
  const at = first?.at ?? '';
  // Prose is about what holds its keyword, unless it is that of the whole operation.
  const keyword = `/${facts.kind.replace(/-changed$/, '')}`;
  const isInside = at.endsWith(keyword) && fromPointer(at).length > 1;
  const field = nameOfPlace(isInside ? at.slice(0, -keyword.length) : at, parameter);
  const sentence = sentenceOf({ ...facts, field });
  if (first === undefined) return { ...facts, at, field, advice: sentence };
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const advice = `${first.operationId} (${first.method} ${first.path})${more}: ${sentence}`;
  return { ...facts, at, field, advice };
}

/** Returns the words for a place: "`projects[].name` of the 200 response". */
function nameOfPlace(pointer: string, parameter = 'a parameter'): string {
  const [section = '', key = '', ...rest] = fromPointer(pointer);
  if (section === 'parameters') return within(rest, parameter);
  if (section === 'requestBody') return within([key, ...rest], 'the request body');
  if (section === 'responses') return within(rest, `the ${key} response`);
  if (section === 'callbacks') return within(rest.slice(2), `the callback \`${key}\``);
  return ['', 'deprecated', 'x-sunset'].includes(section) ? 'the operation' : section;
}

/** Steps that are said with the step after them, or passed over with it. */
const HOLDERS: ReadonlyMap<string, (key: string) => string> = new Map([
  ['properties', (key) => `.${key}`],
  ['headers', (key) => `header ${key}`],
  ...['prefixItems', 'patternProperties'].map((step) => [step, (key: string) => `[${key}]`] as const),
  ...['content', 'oneOf', 'anyOf', 'allOf', 'responses', 'encoding'].map((step) => [step, () => ''] as const),
]);

const ALONE: ReadonlyMap<string, string> = new Map([
  ['items', '[]'],
  ['additionalProperties', '[key]'],
  ['schema', ''],
  ['requestBody', ''],
]);

function within(steps: readonly string[], whole: string): string {
  let name = '';
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] ?? '';
    const holder = HOLDERS.get(step);
    const word = holder === undefined ? ALONE.get(step) : holder(steps[++index] ?? '');
    if (word === undefined) break;
    name += word;
  }
  name = name.replace(/^\./, '').replaceAll('`', "'");
  return name === '' ? whole : `\`${name}\` of ${whole}`;
}

type Wordable = Pick<Change, 'kind' | 'field' | 'before' | 'after'>;

/** Words of this package, or text that stands in a document, which a report must not take for markup. */
export type Piece = string | { readonly text: string };

/** Returns what follows the field in the sentence about a change: what changed, and what to do. */
export function wordsOf({ kind, before, after }: Wordable): { says: readonly Piece[]; todo: string } {
  const { says, todo } = kindOf(kind);
  // The status and the call are already named.
  const isNamed = /^(response-status|operation)-(added|removed)$/.test(kind);
  const values: Piece[] = [];
  if (before !== null && after !== null) values.push(': ', { text: before }, ' → ', { text: after });
  else if (after !== null) values.push(': ', { text: after });
  else if (before !== null) values.push(' (was ', { text: before }, ')');
  return { says: [says, ...(isNamed ? [] : values), '.'], todo };
}

/** Returns the advice without the operations: field, what changed, and what to do. */
export function sentenceOf(change: Wordable): string {
  const { says, todo } = wordsOf(change);
  const text = says.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
  return `${change.field} ${text} ${todo}`;
}
