import type { SchemaObject } from './flatten.js';
import type { Random } from './random.js';
import { SOME_TIME_MS } from './sample-text.js';

/** Largest distance of a number from the one bound that its schema has. */
const REACH = 999;

/** Makes a number for a schema: a whole one where there is one between its bounds. */
export function sampleNumber(schema: SchemaObject, random: Random, name: string): number {
  const usual = /(?:At|Ms)$/.test(name) ? SOME_TIME_MS : 1;
  const lower = [schema.minimum, schema.exclusiveMinimum].filter((bound) => typeof bound === 'number');
  const upper = [schema.maximum, schema.exclusiveMaximum].filter((bound) => typeof bound === 'number');
  const step = typeof schema.multipleOf === 'number' ? schema.multipleOf : 1;
  const to = upper.length > 0 ? Math.min(...upper) : undefined;
  const from = lower.length > 0 ? Math.max(...lower) : Math.min(usual, to ?? usual);
  const isExcluded = (value: number) =>
    value === schema.exclusiveMinimum || value === schema.exclusiveMaximum;
  let first = Math.ceil(from / step);
  let last = to === undefined ? first + REACH : Math.floor(to / step);
  if (isExcluded(times(first, step))) first += 1;
  if (isExcluded(times(last, step))) last -= 1;
  if (first <= last) return times(random.integer(first, Math.min(last, first + REACH)), step);
  // No multiple lies between the bounds: a fraction does, unless the schema has no value at all.
  const isWhole = schema.multipleOf !== undefined || [schema.type].flat().includes('integer');
  return to === undefined || isWhole ? from : from + (to - from) * (0.25 + random.next() / 2);
}

/** A multiple as it is written in decimal: three times 0.1 is 0.3. */
function times(count: number, step: number): number {
  return Number.isInteger(step) ? count * step : Number((count * step).toPrecision(12));
}
