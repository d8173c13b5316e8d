import type { Finding } from './types.js';

type Where = Pick<Finding, 'at' | 'cause' | 'lacks'>;

/** Describes what only one document has. The other one gives `null`. */
export function addedOrRemoved(
  subject: string,
  before: string | null,
  after: string | null,
  where: Where,
): Finding {
  if (after === null) return { kind: `${subject}-removed`, side: 'before', before, after, ...where };
  return { kind: `${subject}-added`, before, after, ...where };
}

/** Describes that something became required or optional. */
export function compareRequired(subject: string, was: boolean, is: boolean, where: Where): Finding[] {
  const word = (required: boolean) => (required ? 'required' : 'optional');
  if (was === is) return [];
  return [{ kind: `${subject}-became-${word(is)}`, before: word(was), after: word(is), ...where }];
}

/** Compares what two maps hold under each key, first in the order of the older one. */
export function compareByKey<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  compare: (key: string, was: T | undefined, is: T | undefined) => readonly Finding[],
): Finding[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => compare(key, before.get(key), after.get(key)));
}

/** Adds a step to the cause of the findings that lack a name, so that the same change elsewhere is another cause. */
export function below(findings: readonly Finding[], step: string): Finding[] {
  return findings.map((finding) =>
    finding.lacks === undefined ? finding : { ...finding, cause: `${finding.cause}${step}` },
  );
}

/** Returns one finding for each cause: the first one at the outermost place. */
export function distinctFindings(findings: readonly Finding[]): Finding[] {
  const outermost = new Map<string, Finding>();
  for (const finding of findings) {
    const key = causeOf(finding);
    const known = outermost.get(key);
    if (known === undefined || finding.at.length < known.at.length) outermost.set(key, finding);
  }
  return [...outermost.values()];
}

/** Returns a text that two findings share if they have the same cause. */
export function causeOf({ kind, lacks, cause }: Finding): string {
  return `${kind} ${lacks ?? ''} ${cause}`;
}
