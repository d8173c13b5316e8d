import type { DocumentFacts } from '../../codegen/pull/check-document.js';
import type { Changed, PullOutcome, Unchanged } from '../../codegen/pull/pull.js';
import { quote } from '../../codegen/pull/pull-error.js';
import { terminalJson } from '../../util/terminal-text.js';
import { megabytes } from '../terminal/progress.js';

const MAX_LISTED = 10;

/** The places that a report names. */
export interface PullPlaces {
  readonly url: string;
  readonly document: string;
  readonly lock: string;
}

/** What a pull came to, for a person: the text for stdout. */
export function describeOutcome(outcome: PullOutcome, places: PullPlaces): string {
  return outcome.status === 'unchanged'
    ? describeUnchanged(outcome, places)
    : describeChange(outcome, places);
}

/** What a pull came to, for a program. */
export function outcomeJson(outcome: PullOutcome, places: PullPlaces): string {
  const { before, after, facts } = { before: undefined, after: undefined, facts: undefined, ...outcome };
  const shown = {
    ...outcome,
    ...(facts && { facts: pickFacts(facts) }),
    ...(before && { before: pickFacts(before) }),
    ...(after && { after: pickFacts(after) }),
    ...places,
  };
  return `${terminalJson(shown, 2)}\n`;
}

/** Facts may be a whole lock. */
function pickFacts({ bytes, sha256, normalizedSha256, openapi, counts }: DocumentFacts): DocumentFacts {
  return { bytes, sha256, normalizedSha256, openapi, counts };
}

const REASONS: Readonly<Record<Unchanged['because'], string>> = {
  'not-modified': 'the server answered 304 Not Modified',
  'same-bytes': 'the published document has the same bytes',
  'same-content':
    'the published document says the same in another order or layout; the file was not rewritten',
};

function describeUnchanged({ because, facts, lockWritten }: Unchanged, places: PullPlaces): string {
  const lock = lockWritten ? `${places.lock} was brought up to date.\n` : '';
  return `unchanged: ${places.document} (${shortHash(facts)}): ${REASONS[because]}.\n${lock}`;
}

function describeChange({ status, before, after, removed }: Changed, places: PullPlaces): string {
  const heading =
    status === 'written'
      ? `pulled ${places.document} from ${places.url}`
      : `new: ${places.url} has another document than ${places.document}; nothing was written`;
  const next =
    status === 'new'
      ? 'next: run `vercel-rest pull`.'
      : before === undefined
        ? 'next: run `vercel-rest generate` to build the client.'
        : 'next: run `vercel-rest diff` to see what changed, then `vercel-rest generate` to build the client.';
  return `${[heading, ...table(before, after), ...list(removed), next].join('\n')}\n`;
}

function table(before: DocumentFacts | undefined, after: DocumentFacts): string[] {
  const kinds = ['paths', 'operations', 'schemas'] as const;
  const rows: [string, string | undefined, string, string][] = [
    ...kinds.map((kind): [string, string | undefined, string, string] => {
      const delta = after.counts[kind] - (before?.counts[kind] ?? after.counts[kind]);
      const sign = delta > 0 ? '+' : '';
      const change = delta === 0 ? '' : `  (${sign}${delta})`;
      return [kind, before && String(before.counts[kind]), String(after.counts[kind]), change];
    }),
    ['size', before && megabytes(before.bytes), megabytes(after.bytes), ''],
    ['hash', before && shortHash(before), shortHash(after), ''],
  ];
  return rows.map(([name, old, now, change]) => {
    const from = old === undefined ? '' : `${old.padStart(12)} ->`;
    return `  ${name.padEnd(10)}${from}${now.padStart(13)}${change}`;
  });
}

function list(removed: readonly string[]): string[] {
  if (removed.length === 0) return [];
  const listed = removed.slice(0, MAX_LISTED).map((operation) => `  - ${quote(operation).slice(1, -1)}`);
  const more = removed.length > MAX_LISTED ? [`  ... and ${removed.length - MAX_LISTED} more`] : [];
  return [`operations that are gone: ${removed.length}`, ...listed, ...more];
}

function shortHash({ normalizedSha256 }: DocumentFacts): string {
  return normalizedSha256.slice(0, 12);
}
