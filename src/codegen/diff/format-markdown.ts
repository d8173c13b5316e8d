import { markdownCode, markdownText } from '../../util/markup.js';
import { wordsOf } from './advice.js';
import { impactSections, impactSummary } from './impact-lines.js';
import type { ImpactReport } from './impact-report.js';
import { type Report, showDocument, suggestVersion, summarize } from './report.js';
import { abbreviate, byClass, byKind, countKinds, MEANING, operationIdsOf } from './text-parts.js';
import { type Change, type ChangeClass, CLASSES } from './types.js';

/** A pull request takes 65,536 characters; so many changes of a class stay well below. */
const MOST = 60;

/** For a pull request: counts, the severe changes in full, the others folded. */
export function formatMarkdown(report: Report): string {
  const { changes, impact } = report;
  return [
    ...heading(report),
    ...(impact === undefined ? [] : impactParts(impact, changes)),
    ...byClass(changes).flatMap(([name, found]) => section(name, found)),
    '',
  ].join('\n');
}

/** For `$GITHUB_STEP_SUMMARY`: counts, what hits the program, and the changes on the wire; a step may be read at a glance. */
export function formatSummary(report: Report): string {
  const { changes, impact } = report;
  const urgent = changes.filter(({ class: name }) => name === 'wire' || name === 'sunset');
  const parts = impact === undefined ? [] : impactParts(impact, changes);
  return [
    ...heading(report),
    ...parts,
    ...byClass(urgent).flatMap(([name, found]) => section(name, found)),
    '',
  ].join('\n');
}

function heading({ changes, documents }: Report): string[] {
  const { bump, reason } = suggestVersion(changes);
  const summary = summarize(changes);
  const [before, after] = [documents?.before, documents?.after].map(
    (document) => document && markdownCode(showDocument(document)),
  );
  return [
    '## API changes',
    '',
    ...(before && after ? [`From ${before} to ${after}.`, ''] : []),
    `| ${CLASSES.join(' | ')} |`,
    `|${CLASSES.map(() => ' ---: |').join('')}`,
    `| ${CLASSES.map((name) => summary[name]).join(' | ')} |`,
    '',
    `Suggested version: **${bump}** (${reason}).`,
  ];
}

function impactParts(impact: ImpactReport, changes: readonly Change[]): string[] {
  const sections = impactSections(impact, changes).flatMap(({ title, meaning, lines }) => [
    '',
    `### ${title}: ${lines.length}`,
    '',
    `_${capitalise(meaning)}._`,
    '',
    ...lines
      .slice(0, MOST)
      .map(({ place, text }) => `- ${place === '' ? '' : `${markdownCode(place)}: `}${markdownText(text)}`),
    ...(lines.length > MOST ? [`- and ${lines.length - MOST} more`] : []),
  ]);
  return ['', impactSummary(impact), ...sections];
}

function section(name: ChangeClass, changes: readonly Change[]): string[] {
  const title = `${name}: ${changes.length}`;
  if (name === 'wire' || name === 'type' || name === 'sunset') {
    return ['', `### ${title}`, '', `_${capitalise(MEANING[name])}._`, '', ...bullets(changes)];
  }
  const lines = name === 'error-body' ? bullets(changes) : byKind(changes).map(kindBullet);
  return ['', `<details><summary>${title}: ${MEANING[name]}</summary>`, '', ...lines, '', '</details>'];
}

function bullets(changes: readonly Change[]): string[] {
  const rest = changes.slice(MOST);
  const told = changes.slice(0, MOST).map(bullet);
  return rest.length === 0 ? told : [...told, `- and ${rest.length} more: ${countKinds(rest)}`];
}

function bullet(change: Change): string {
  const ids = change.operations.map(({ operationId }) => markdownCode(operationId));
  const [first, ...others] = change.operations;
  const call = others.length === 0 ? ` (${markdownCode(`${first?.method} ${first?.path}`)})` : '';
  return `- ${abbreviate(ids, 3)}${call}: ${sentence(change)}`;
}

function kindBullet([kind, changes]: [string, Change[]]): string {
  const ids = operationIdsOf(changes).map(markdownCode);
  return `- ${changes.length} ${kind}: ${abbreviate(ids, 6)}`;
}

function sentence(change: Change): string {
  const { says, todo } = wordsOf(change);
  const told = says.map((piece) => (typeof piece === 'string' ? piece : markdownCode(piece.text)));
  return `${fieldText(change.field)} ${told.join('')} ${todo}`;
}

/** A field has its name between back-ticks, which a name itself never has; what else is not plain words makes it all code. */
function fieldText(field: string): string {
  const pieces = field.split(/`([^`]*)`/);
  const isPlain = pieces.every((piece, index) => index % 2 === 1 || markdownText(piece) === piece);
  if (!isPlain || pieces.slice(1, -1).includes('')) return markdownCode(field);
  return pieces.map((piece, index) => (index % 2 === 1 ? markdownCode(piece) : piece)).join('');
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
