import type { UntypedOverride } from '../handlers/handler-settings.js';

/** Planned responses by operation. */
export class Plans {
  #standing = new Map<string, UntypedOverride>();
  #waiting = new Map<string, UntypedOverride[]>();

  /** Plans the response of all requests from now on. */
  set(operationId: string, response: UntypedOverride): void {
    this.#standing.set(operationId, response);
  }

  /** Plans the responses of the next requests, one for each. */
  add(operationId: string, responses: readonly UntypedOverride[]): void {
    this.#waiting.set(operationId, [...(this.#waiting.get(operationId) ?? []), ...responses]);
  }

  /** Takes the response for a request; `undefined` without a planned one. */
  take(operationId: string): UntypedOverride | undefined {
    return this.#waiting.get(operationId)?.shift() ?? this.#standing.get(operationId);
  }

  clear(): void {
    this.#standing.clear();
    this.#waiting.clear();
  }
}
