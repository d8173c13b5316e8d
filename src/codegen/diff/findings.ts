import type { Finding, Segments } from './types.js';

/** The finding as seen from further out. */
export function moved(finding: Finding, by: Segments): Finding {
  return by.length === 0 ? finding : { ...finding, at: [...by, ...finding.at] };
}

/** Returns one finding for each cause of an operation: the first one at the outermost place. */
export function distinctFindings<T extends Finding>(findings: readonly T[]): T[] {
  const outermost = new Map<string, T>();
  for (const finding of findings) {
    const key = causeOf(finding);
    const known = outermost.get(key);
    if (known === undefined || finding.at.length < known.at.length) outermost.set(key, finding);
  }
  return [...outermost.values()];
}

/** What two findings share that have the same cause. */
export function causeOf({ kind, lacks, cause }: Finding): string {
  return `${kind} ${lacks ?? ''} ${cause}`;
}
