import { InvalidArgumentError } from '../../errors/index.js';
import type { ContractOperation } from '../../openapi/contract-types.js';
import { renderCoverage } from './coverage-html.js';
import { formatCoverage } from './coverage-text.js';
import { MockError } from './mock-error.js';

/** A covered part of a total. */
export interface Share {
  readonly touched: number;
  readonly total: number;
  /** From 0 to 100; 100 for an empty total. */
  readonly percent: number;
}

/** Least percentages, 0 to 100. Default: none. */
export interface CoverageThreshold {
  /** Percentage of operations with a request that passed the checks. */
  readonly operations?: number | undefined;
  /** Percentage of the documented pairs of operation and status that occurred. */
  readonly responses?: number | undefined;
}

/** One status of an operation. */
export interface ResponseCoverage {
  readonly status: string;
  /** Whether the document has it. */
  readonly documented: boolean;
  readonly count: number;
}

/** The coverage of one operation. */
export interface OperationCoverage {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** Its first tag, or else the first part of its path without the version. */
  readonly group: string;
  readonly summary: string;
  readonly deprecated: boolean;
  /** Requests that passed the checks. */
  readonly accepted: number;
  /** Requests that violated the document. */
  readonly refused: number;
  /** Documented statuses first, in the document's order. */
  readonly responses: readonly ResponseCoverage[];
}

/** The coverage of a document. */
export interface CoverageReport {
  readonly title: string;
  readonly operations: Share;
  readonly responses: Share;
  /** In the document's order. */
  readonly entries: readonly OperationCoverage[];
  /** Returns a summary in plain text, with the operations that were never touched. */
  toText(): string;
  /** Returns a page of the whole document: exercised, only refused, never touched. */
  toHtml(): string;
  /** Demands least percentages. @throws {MockError} Naming what is missing. */
  require(threshold: CoverageThreshold): void;
}

interface Seen {
  accepted: number;
  refused: number;
  readonly statuses: Map<string, number>;
}

/** Counts the requests and responses of the operations of a document. */
export class Coverage {
  readonly #seen = new Map<string, Seen>();

  constructor(
    readonly title: string,
    readonly operations: readonly ContractOperation[],
  ) {}

  accepted(operationId: string): void {
    this.#of(operationId).accepted += 1;
  }

  refused(operationId: string): void {
    this.#of(operationId).refused += 1;
  }

  /** @param status - 0 for a failure of the network. */
  answered(operationId: string, status: number): void {
    const { statuses } = this.#of(operationId);
    const key = status === 0 ? 'network error' : String(status);
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
  }

  report(): CoverageReport {
    const entries = this.operations.map((operation) => this.#entry(operation));
    const responses = entries.flatMap((entry) => entry.responses.filter(({ documented }) => documented));
    const report = {
      title: this.title,
      entries,
      operations: shareOf(entries, ({ accepted }) => accepted > 0),
      responses: shareOf(responses, ({ count }) => count > 0),
    };
    return {
      ...report,
      toText: () => formatCoverage(report),
      toHtml: () => renderCoverage(report),
      require: (threshold) => {
        const short = (['operations', 'responses'] as const).flatMap((name) => {
          const least = threshold[name];
          if (least === undefined) return [];
          if (!(least >= 0 && least <= 100))
            throw new InvalidArgumentError(`threshold.${name}`, 'must be a percentage from 0 to 100');
          const { touched, total, percent } = report[name];
          const text = `${name} ${percent.toFixed(1)} % (${touched} of ${total}), required ${least} %`;
          return percent < least ? [text] : [];
        });
        if (short.length === 0) return;
        const message = `The mock's coverage is too low: ${short.join('; ')}.\n${formatCoverage(report)}`;
        throw new MockError('mock_coverage', message);
      },
    };
  }

  #of(operationId: string): Seen {
    const known = this.#seen.get(operationId) ?? { accepted: 0, refused: 0, statuses: new Map() };
    this.#seen.set(operationId, known);
    return known;
  }

  #entry(operation: ContractOperation): OperationCoverage {
    const { operationId, method, path, deprecated, tags, summary = '' } = operation;
    const {
      accepted = 0,
      refused = 0,
      statuses = new Map<string, number>(),
    } = this.#seen.get(operationId) ?? {};
    const documented = Object.keys(operation.responses);
    const others = [...statuses.keys()].filter((status) => !documented.includes(status));
    const responses = [...documented, ...others].map((status) => ({
      status,
      documented: documented.includes(status),
      count: statuses.get(status) ?? 0,
    }));
    const group = tags?.[0] ?? /^\/(?:v\d+\/)?([^/]+)/.exec(path)?.[1] ?? 'other';
    return { operationId, method, path, group, summary, deprecated, accepted, refused, responses };
  }
}

/** The data of a report, without its functions. */
export type CoverageData = Pick<CoverageReport, 'title' | 'operations' | 'responses' | 'entries'>;

function shareOf<T>(all: readonly T[], isTouched: (one: T) => boolean): Share {
  const touched = all.filter(isTouched).length;
  return { touched, total: all.length, percent: all.length === 0 ? 100 : (100 * touched) / all.length };
}
