import { terminalText } from '../../util/terminal-text.js';
import type { CoverageData, Share } from './coverage.js';

/** Limit of the untouched operations that are listed by name. */
const MAX_LISTED = 20;

/** Writes a summary: shares, each touched operation, and the untouched ones. */
export function formatCoverage({ title, operations, responses, entries }: CoverageData): string {
  const lines = [`${title}: ${share('operations', operations)}, ${share('documented responses', responses)}`];
  const untouched: string[] = [];
  for (const { operationId, accepted, refused, deprecated, responses: own } of entries) {
    if (accepted + refused === 0) {
      untouched.push(operationId);
      continue;
    }
    const seen = own.filter(({ count }) => count > 0);
    const missing = own.filter(({ documented, count }) => documented && count === 0);
    const facts = [
      operationId,
      seen.map(({ status, count }) => `${status} x${count}`).join(', ') || 'no response',
      ...(refused > 0 ? [`${refused} refused`] : []),
      ...(deprecated ? ['deprecated'] : []),
      ...(missing.length > 0 ? [`not seen: ${missing.map(({ status }) => status).join(', ')}`] : []),
    ];
    lines.push(`  ${facts.join('; ')}`);
  }
  if (untouched.length > 0) {
    const rest = untouched.length - MAX_LISTED;
    const names = untouched.slice(0, MAX_LISTED).join(', ');
    lines.push(`never touched: ${names}${rest > 0 ? ` and ${rest} more` : ''}`);
  }
  return [...lines, ''].map(terminalText).join('\n');
}

function share(name: string, { touched, total, percent }: Share): string {
  return `${touched} of ${total} ${name} (${percent.toFixed(1)} %)`;
}
