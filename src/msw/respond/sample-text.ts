import { FORMATS } from '../validate/formats.js';
import type { Schemas } from '../validate/validator.js';
import { textFor } from './pattern-text.js';
import type { Random } from './random.js';

/** Short words without a meaning in any API. */
export const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron'] as const;
/** A time in 2026, so that generated timestamps look like what they are. */
export const SOME_TIME_MS = 1_788_000_000_000;

const HEX = [...'0123456789abcdef'] as [string, ...string[]];

/** Texts of each format, the usual one first; the others are for schemas with a length or pattern that it does not fit. */
const BY_FORMAT: Readonly<Record<string, readonly ((random: Random) => string)[]>> = {
  uri: [
    (random) => `https://${random.pick(WORDS)}.example.com`,
    (random) => `https://${random.pick(WORDS)}.example.com/${random.text(40)}`,
    (random) => `http://${random.text(1).toLowerCase()}.co`,
    () => 'a:b',
  ],
  'date-time': [
    (random) => someDate(random).toISOString(),
    (random) => someDate(random).toISOString().replace(/\.\d+/, ''),
    (random) =>
      someDate(random)
        .toISOString()
        .replace(/\.\d+Z/, '+00:00'),
  ],
  date: [(random) => someDate(random).toISOString().slice(0, 10)],
  time: [
    (random) => someDate(random).toISOString().slice(11),
    (random) => someDate(random).toISOString().slice(11, 19),
    (random) => someDate(random).toISOString().slice(11, 16),
  ],
  duration: [
    (random) => `P${random.integer(1, 9)}D`,
    (random) => `PT${random.integer(1, 59)}M`,
    (random) => `P1Y2M3DT4H5M${random.integer(1, 59)}S`,
  ],
  byte: [(random) => `${random.text(8)}`, (random) => random.text(4), () => ''],
  uuid: [
    (random) =>
      `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
  ],
  email: [
    (random) => `${random.pick(WORDS)}@example.com`,
    (random) => `${random.text(48)}@example.com`,
    (random) => `${random.text(1)}@a.co`,
    () => 'a@b',
  ],
  hostname: [
    (random) => `${random.pick(WORDS)}.example.com`,
    (random) => `${random.pick(WORDS)}.co`,
    (random) => random.text(3).toLowerCase(),
  ],
  ipv4: [(random) => `192.0.2.${random.integer(1, 254)}`, () => '10.0.0.1'],
  ipv6: [(random) => `2001:db8::${hex(random, 4)}`, () => '::1'],
};

interface TextSchema {
  readonly format?: unknown;
  readonly pattern?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
}

/**
 * Makes a text for a schema.
 *
 * @param name - The property's own: `url` and `id` are written as such.
 */
export function sampleText(schema: TextSchema, random: Random, name: string, { source }: Schemas): string {
  const minLength = typeof schema.minLength === 'number' ? schema.minLength : 0;
  const maxLength = typeof schema.maxLength === 'number' ? schema.maxLength : Number.POSITIVE_INFINITY;
  const pattern = typeof schema.pattern === 'string' ? schema.pattern : undefined;
  const expression = pattern === undefined ? undefined : source.expression(pattern);
  const fits = (text: string) =>
    text.length >= minLength && text.length <= maxLength && expression?.test(text) !== false;
  const format = String(schema.format);
  const makers = BY_FORMAT[format] ?? (/url$/i.test(name) ? BY_FORMAT.uri : undefined) ?? [];
  const formatted = makers.map((make) => make(random)).find(fits);
  if (formatted !== undefined) return formatted;
  if (pattern !== undefined && expression !== undefined) {
    const isFormat = FORMATS[format] ?? (() => true);
    const texts = Array.from({ length: 4 }, () =>
      textFor({ pattern, minLength, maxLength }, expression, random),
    );
    const made = texts.find((text) => text !== undefined && isFormat(text)) ?? texts[0];
    if (made !== undefined) return made;
  }
  const word = /id$/i.test(name) ? random.text(12) : `${random.pick(WORDS)}-${random.text(6)}`;
  const padded = word.length < minLength ? word + random.text(minLength - word.length) : word;
  return padded.slice(0, Math.min(maxLength, padded.length));
}

function someDate(random: Random): Date {
  return new Date(SOME_TIME_MS + random.integer(0, 86_400) * 1_000);
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(HEX)).join('');
}
