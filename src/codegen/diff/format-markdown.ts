import { markdownCode, markdownText } from '../../util/markup.js';
import { wordsOf } from './advice.js';
import { impactSections, impactSummary } from './impact-report.js';
import { type Report, showDocument, suggestVersion, summarize } from './report.js';
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

/** A pull request takes 65,536 characters; so many changes of a class stay well below. */
const MOST = 60;

/** For a pull request: counts, the severe changes in full, the others folded. */
export function formatMarkdown(report: Report): string {
  return write(report, report.changes);
}

/** For `$GITHUB_STEP_SUMMARY`: counts, what hits the program, and the changes on the wire; a step may be read at a glance. */
export function formatSummary(report: Report): string {
  return write(
    report,
    report.changes.filter(({ class: name }) => name === 'wire' || name === 'sunset'),
  );
}

function write({ changes, impact, documents }: Report, listed: readonly Change[]): string {
  const { bump, reason } = suggestVersion(changes);
  const summary = summarize(changes);
  const effects = (impact === undefined ? [] : impactSections(impact, changes)).flatMap(
    ({ title, meaning, lines }) => {
      const items = lines.map(
        ({ place, text }) => `- ${place === '' ? '' : `${markdownCode(place)}: `}${markdownText(text)}`,
      );
      const rest = lines.length > MOST ? [`- and ${lines.length - MOST} more`] : [];
      const heading = ['', `### ${title}: ${lines.length}`, '', `_${capitalise(meaning)}._`, ''];
      return [...heading, ...items.slice(0, MOST), ...rest];
    },
  );
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
    ...(impact === undefined ? [] : ['', impactSummary(impact), ...effects]),
    ...byClass(listed).flatMap(([name, found]) => section(name, found)),
    '',
  ].join('\n');
}

function section(name: ChangeClass, changes: readonly Change[]): string[] {
  const title = `${name}: ${changes.length}`;
  if (name === 'wire' || name === 'type' || name === 'sunset') {
    return ['', `### ${title}`, '', `_${capitalise(MEANING[name])}._`, '', ...bullets(changes)];
  }
  const kinds = () =>
    byKind(changes).map(([kind, found]) => {
      const ids = operationIdsOf(found).map(markdownCode);
      return `- ${found.length} ${kind}: ${abbreviate(ids, 6)}`;
    });
  const lines = name === 'error-body' ? bullets(changes) : kinds();
  return ['', `<details><summary>${title}: ${MEANING[name]}</summary>`, '', ...lines, '', '</details>'];
}

function bullets(changes: readonly Change[]): string[] {
  const listed = removedFirst(changes);
  const rest = listed.slice(MOST);
  const told = listed.slice(0, MOST).map((change) => {
    const ids = change.operations.map(({ operationId }) => markdownCode(operationId));
    const [first, ...others] = change.operations;
    const call = others.length === 0 ? ` (${markdownCode(`${first?.method} ${first?.path}`)})` : '';
    const { says, todo } = wordsOf(change);
    const words = says.map((piece) => (typeof piece === 'string' ? piece : markdownCode(piece.text)));
    // A field has its name between back-ticks, which a name itself never has. If the rest is not plain words, all is code.
    const pieces = change.field.split(/`([^`]*)`/);
    const isPlain = pieces.every((piece, index) => index % 2 === 1 || markdownText(piece) === piece);
    const isWhole = !isPlain || pieces.slice(1, -1).includes('');
    const named = pieces.map((piece, index) => (index % 2 === 1 ? markdownCode(piece) : piece));
    const field = isWhole ? markdownCode(change.field) : named.join('');
    return `- ${abbreviateIds(change, ids, 3)}${call}: ${field} ${words.join('')} ${todo}`;
  });
  return rest.length === 0 ? told : [...told, `- and ${rest.length} more: ${countKinds(rest)}`];
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
