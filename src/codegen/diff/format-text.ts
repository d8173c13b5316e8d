import { terminalText } from '../../util/terminal-text.js';
import { sentenceOf } from './advice.js';
import { counted, impactSections, impactSummary } from './impact-report.js';
import { type Report, suggestVersion, summarize } from './report.js';
import {
  abbreviate,
  abbreviateIds,
  byClass,
  byKind,
  countKinds,
  MEANING,
  operationIdsOf,
  removedFirst,
} from './text-parts.js';
import { type Change, type ChangeClass, CLASSES } from './types.js';

/** The number of changes of a class that are listed one by one: nobody reads a longer report to its end. */
const MOST: Readonly<Record<ChangeClass, number>> = {
  wire: 30,
  type: 14,
  sunset: 30,
  'error-body': 5,
  added: 0,
  docs: 0,
};

/** The number of lines of a program that each section lists. */
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
  const lines: string[] = [];
  if (impact !== undefined) {
    lines.push(impactSummary(impact));
    for (const { title, meaning, lines: found } of impactSections(impact, changes)) {
      const shown = found.slice(0, MOST_LINES);
      lines.push('', `${title}, ${found.length}: ${meaning}`);
      lines.push(...shown.map(({ place, text }) => printable([place, text].filter(Boolean).join(': '))));
      if (found.length > MOST_LINES) lines.push(`  and ${found.length - MOST_LINES} more of these`);
    }
    lines.push('');
  }
  if (changes.length === 0) lines.push('No changes.');
  else {
    const summary = summarize(changes);
    lines.push(CLASSES.map((name) => `${summary[name]} ${name}`).join(', '));
    for (const [name, found] of byClass(changes)) {
      const title = name.toUpperCase();
      const painted = colors ? `\u001b[1;${COLORS[name]}m${title}\u001b[0m` : title;
      lines.push('', `${painted} ${found.length}: ${MEANING[name]}`, ...section(name, found));
    }
    const { bump, reason } = suggestVersion(changes);
    lines.push('', `Suggested version: ${bump} (${reason}).`);
    if (changes.length > Object.values(MOST).reduce((sum, most) => sum + most, 0))
      lines.push('Every change with every operation: --format html, markdown or json.');
  }
  return `${lines.filter((line, index) => line === '' || lines.indexOf(line) === index).join('\n')}\n`;
}

/** Lists the changes of a class: severe ones one by one, the others as counts. */
function section(name: ChangeClass, changes: readonly Change[]): string[] {
  if (name === 'docs') return [`  ${countKinds(changes)}`];
  if (name === 'added')
    return byKind(changes).map(([kind, found]) => {
      const ids = operationIdsOf(found);
      return printable(
        `${found.length} ${kind} in ${counted(ids.length, 'operation')}: ${abbreviate(ids, 4)}`,
      );
    });
  const listed = removedFirst(changes);
  const told = listed.slice(0, MOST[name]).map((change) => {
    const ids = change.operations.map(({ operationId }) => operationId);
    const [first] = change.operations;
    const call = ids.length === 1 ? ` (${first?.method} ${first?.path})` : '';
    return printable(`${abbreviateIds(change, ids, 2)}${call}: ${sentenceOf(change)}`);
  });
  const rest = listed.slice(MOST[name]);
  return rest.length === 0 ? told : [...told, `  and ${rest.length} more ${name}: ${countKinds(rest)}`];
}

/** Indents a line with text from a document, which may hold anything. */
function printable(line: string): string {
  return `  ${terminalText(line)}`;
}
