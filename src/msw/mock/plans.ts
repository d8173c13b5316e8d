import type { UntypedOverride } from '../handlers/handler-settings.js';

/** Answers that were planned, by operation. */
export class Plans {
  #standing = new Map<string, UntypedOverride>();
  #waiting = new Map<string, UntypedOverride[]>();

  /** From now on. */
  set(operationId: string, answer: UntypedOverride): void {
    this.#standing.set(operationId, answer);
  }

  /** For the next requests, one each. */
  add(operationId: string, answers: readonly UntypedOverride[]): void {
    this.#waiting.set(operationId, [...(this.#waiting.get(operationId) ?? []), ...answers]);
  }

  /** The answer for the request at hand. */
  take(operationId: string): UntypedOverride | undefined {
    return this.#waiting.get(operationId)?.shift() ?? this.#standing.get(operationId);
  }

  clear(): void {
    this.#standing.clear();
    this.#waiting.clear();
  }
}
