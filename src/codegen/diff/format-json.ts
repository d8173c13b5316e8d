import { terminalJson } from '../../util/terminal-text.js';
import type { ImpactReport } from './impact-report.js';
import { suggestVersion, summarize } from './report.js';
import type { Change } from './types.js';

/** For programs: everything, as `schemas/diff-report.schema.json` describes it. */
export function formatJson(changes: readonly Change[], impact?: ImpactReport): string {
  const report = {
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
