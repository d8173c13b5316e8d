import { terminalText } from '../../util/terminal-text.js';
import type { CoverageData, OperationCoverage, Share } from './coverage.js';

/** Names of untouched operations that are listed before the rest is counted. */
const MAX_LISTED = 20;

/** Writes a summary: shares, each touched operation, and what was never touched by group. */
export function formatCoverage({ title, operations, answers, entries }: CoverageData): string {
  const touched = entries.filter(({ accepted, refused }) => accepted + refused > 0);
  const untouched = entries.filter((entry) => !touched.includes(entry));
  return [
    `${title}: ${share('operations', operations)}, ${share('documented answers', answers)}`,
    ...touched.map((entry) => `  ${line(entry)}`),
    ...(untouched.length > 0 ? [`never touched: ${listOf(untouched)}`] : []),
    '',
  ]
    .map(terminalText)
    .join('\n');
}

function share(name: string, { touched, total, percent }: Share): string {
  return `${touched} of ${total} ${name} (${percent.toFixed(1)} %)`;
}

function line({ operationId, answers, refused, deprecated }: OperationCoverage): string {
  const seen = answers.filter(({ count }) => count > 0);
  const statuses = seen.map(({ status, count }) => `${status} x${count}`).join(', ');
  const missing = answers.filter(({ documented, count }) => documented && count === 0);
  return [
    operationId,
    statuses || 'no answer',
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(deprecated ? ['deprecated'] : []),
    ...(missing.length > 0 ? [`not seen: ${missing.map(({ status }) => status).join(', ')}`] : []),
  ].join('; ');
}

function listOf(entries: readonly OperationCoverage[]): string {
  const names = entries.slice(0, MAX_LISTED).map(({ operationId }) => operationId);
  const rest = entries.length - names.length;
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
