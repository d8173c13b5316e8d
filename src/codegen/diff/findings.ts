import type { Finding, Segments } from './types.js';

/** The finding as seen from further out. */
export function moved(finding: Finding, by: Segments): Finding {
  return by.length === 0 ? finding : { ...finding, at: [...by, ...finding.at] };
}

/** One finding a cause: an operation is told of each once, at the first place. */
export function distinctFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.lacks ?? ''} ${finding.cause}`;
    if (!seen.has(key)) seen.set(key, finding);
  }
  return [...seen.values()];
}
