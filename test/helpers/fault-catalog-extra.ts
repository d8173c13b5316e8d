import { BODY_FAULTS } from './fault-catalog-bodies.js';
import type { ExtraFault } from './fault-catalog-outcomes.js';
import { WIRE_FAULTS } from './fault-catalog-wire.js';

export { MAX_BODY_BYTES } from './fault-catalog-bodies.js';

/** Every extra fault of one answer, by name. */
export const EXTRA_FAULTS: Readonly<Record<string, ExtraFault>> = { ...WIRE_FAULTS, ...BODY_FAULTS };
