import { terminalJson } from '../../util/terminal-text.js';
import { type Report, suggestVersion, summarize } from './report.js';

/** For programs: everything, as `schemas/diff-report.schema.json` describes it. */
export function formatJson({ changes, impact, documents }: Report): string {
  const report = {
    ...(documents === undefined ? {} : { documents }),
    summary: summarize(changes),
    suggestion: suggestVersion(changes),
    // Named one by one: what a change may carry later is not yet published.
    changes: changes.map(({ class: name, kind, at, field, operations, before, after, advice }) => ({
      class: name,
      kind,
      at,
      field,
      operations: operations.map(({ operationId, method, path, at: place }) => ({
        operationId,
        method,
        path,
        at: place,
      })),
      before,
      after,
      advice,
    })),
    ...(impact === undefined ? {} : { uses: impact }),
  };
  return `${terminalJson(report, 2)}\n`;
}
