import { terminalText } from '../../util/terminal-text.js';
import { sentenceOf } from './advice.js';
import { impactSections, impactSummary } from './impact-lines.js';
import type { ImpactReport } from './impact-report.js';
import { type Report, suggestVersion, summarize } from './report.js';
import { abbreviate, byClass, byKind, countKinds, MEANING, operationIdsOf } from './text-parts.js';
import { type Change, type ChangeClass, CLASSES } from './types.js';

/** How many changes of a class are told one by one; a report that nobody reads to its end tells nothing. */
const MOST: Readonly<Record<ChangeClass, number>> = {
  wire: 30,
  type: 14,
  sunset: 30,
  'error-body': 5,
  added: 0,
  docs: 0,
};

/** Of a program, so many lines of each sort. */
const MOST_LINES = 40;

/** ANSI colours of the headings. */
const COLORS: Readonly<Record<ChangeClass, number>> = {
  wire: 31,
  type: 33,
  sunset: 36,
  'error-body': 35,
  added: 32,
  docs: 90,
};

/** For a terminal: the severe changes one by one, the rest as counts. No line stands there twice. */
export function formatText(
  { changes, impact }: Report,
  { colors = false }: { readonly colors?: boolean } = {},
): string {
  const lines = changes.length === 0 ? ['No changes.'] : changesLines(changes, colors);
  const program = impact === undefined ? [] : [...impactLines(impact, changes).map(terminalText), ''];
  const seen = new Set<string>();
  const distinct = [...program, ...lines].filter(
    (line) => line === '' || (!seen.has(line) && seen.add(line)),
  );
  return `${distinct.join('\n')}\n`;
}

function impactLines(impact: ImpactReport, changes: readonly Change[]): string[] {
  const sections = impactSections(impact, changes).flatMap(({ title, meaning, lines }) => [
    '',
    `${title}, ${lines.length}: ${meaning}`,
    ...lines.slice(0, MOST_LINES).map(({ place, text }) => `  ${[place, text].filter(Boolean).join(': ')}`),
    ...(lines.length > MOST_LINES ? [`  and ${lines.length - MOST_LINES} more of these`] : []),
  ]);
  return [impactSummary(impact), ...sections];
}

function changesLines(changes: readonly Change[], colors: boolean): string[] {
  const summary = summarize(changes);
  const { bump, reason } = suggestVersion(changes);
  const sections = byClass(changes).flatMap(([name, found]) => [
    '',
    heading(name, found.length, colors),
    ...section(name, found),
  ]);
  const hasMore = changes.length > Object.values(MOST).reduce((sum, most) => sum + most, 0);
  return [
    CLASSES.map((name) => `${summary[name]} ${name}`).join(', '),
    ...sections,
    '',
    `Suggested version: ${bump} (${reason}).`,
    ...(hasMore ? ['Every change with every operation: --format html, markdown or json.'] : []),
  ].map(printableLine);
}

function heading(name: ChangeClass, count: number, colors: boolean): string {
  const title = name.toUpperCase();
  const painted = colors ? `\u001b[1;${COLORS[name]}m${title}\u001b[0m` : title;
  return `${painted} ${count}: ${MEANING[name]}`;
}

function section(name: ChangeClass, changes: readonly Change[]): string[] {
  if (name === 'docs') return [`  ${countKinds(changes)}`];
  if (name === 'added') return byKind(changes).map(([kind, found]) => kindLine(kind, found));
  const told = changes.slice(0, MOST[name]).map(entry);
  const rest = changes.slice(MOST[name]);
  return rest.length === 0 ? told : [...told, `  and ${rest.length} more ${name}: ${countKinds(rest)}`];
}

/** One line a change: the operations, the call where there is one, the field, what happened and what to do. */
function entry(change: Change): string {
  const ids = change.operations.map(({ operationId }) => operationId);
  const [first] = change.operations;
  const call = ids.length === 1 ? ` (${first?.method} ${first?.path})` : '';
  return `  ${abbreviate(ids, 2)}${call}: ${sentenceOf(change)}`;
}

function kindLine(kind: string, changes: readonly Change[]): string {
  const ids = operationIdsOf(changes);
  const noun = ids.length === 1 ? 'operation' : 'operations';
  return `  ${changes.length} ${kind} in ${ids.length} ${noun}: ${abbreviate(ids, 4)}`;
}

const ESCAPE = '\u001b[';

/** What comes from a document may hold anything; the colours are ours. */
function printableLine(line: string): string {
  if (!line.startsWith(ESCAPE)) return terminalText(line);
  const end = line.indexOf('m', line.indexOf(ESCAPE, 1)) + 1;
  return line.slice(0, end) + terminalText(line.slice(end));
}
