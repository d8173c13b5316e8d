import type { DeploymentEvent } from '../generated/platform/deployments.js';

/** A log comes from several machines: an event may be a little older than one that came before it. */
const OVERLAP_MS = 5_000;
/** Events older than the latest by more are no longer kept. */
const KEPT_MS = 60_000;
/** Number of kept events at which old ones are dropped. */
const SWEEP_AT = 20_000;

/** Remembers which events of a log have come, as far back as a new connection reaches. */
export class SeenEvents {
  /** When each event was created, by its id. */
  #created = new Map<string, number>();
  #latest = Number.NEGATIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#created.size === 0;
  }

  /** Notes an event. Returns whether it is new. */
  add(event: DeploymentEvent): boolean {
    const id = event.id ?? event.payload?.id ?? JSON.stringify(event);
    if (this.#created.has(id)) return false;
    this.#created.set(id, event.created);
    this.#latest = Math.max(this.#latest, event.created);
    if (this.#created.size > SWEEP_AT) this.#sweep();
    return true;
  }

  /** The time at which a new connection begins, so that no event is missed. */
  resumeAt(since: number | undefined): number | undefined {
    if (this.isEmpty) return since;
    return Math.max(since ?? 0, this.#latest - OVERLAP_MS);
  }

  #sweep(): void {
    const kept = [...this.#created].filter(([, created]) => created >= this.#latest - KEPT_MS);
    this.#created = new Map(kept);
  }
}
