import type { Random } from './random.js';

/** Short words that plainly stand for nothing. */
export const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron'] as const;
/** A time in 2026, so that generated timestamps look like what they are. */
export const SOME_TIME_MS = 1_788_000_000_000;

const HEX = [...'0123456789abcdef'] as [string, ...string[]];

const BY_FORMAT: Readonly<Record<string, (random: Random) => string>> = {
  uri: (random) => `https://${random.pick(WORDS)}.example.com`,
  'date-time': (random) => someDate(random).toISOString(),
  date: (random) => someDate(random).toISOString().slice(0, 10),
  uuid: (random) =>
    `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
  email: (random) => `${random.pick(WORDS)}@example.com`,
  hostname: (random) => `${random.pick(WORDS)}.example.com`,
  ipv4: (random) => `192.0.2.${random.integer(1, 254)}`,
  ipv6: (random) => `2001:db8::${hex(random, 4)}`,
};

/** What a schema says of a text. */
export interface TextSchema {
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
export function sampleText(schema: TextSchema, random: Random, name: string): string {
  const formatted = BY_FORMAT[String(schema.format)];
  const known = formatted ?? (/url$/i.test(name) ? BY_FORMAT.uri : undefined);
  return known === undefined ? sampleWord(schema, random, name) : known(random);
}

function sampleWord(schema: TextSchema, random: Random, name: string): string {
  // The letters that a pattern begins with are as much of it as is understood here: `^env_` gives `env_...`.
  const prefix = /^\^([\w-]+)(?![?*+{])/.exec(String(schema.pattern ?? ''))?.[1] ?? '';
  const text = `${prefix}${/id$/i.test(name) || prefix ? random.text(12) : `${random.pick(WORDS)}-${random.text(6)}`}`;
  const min = typeof schema.minLength === 'number' ? schema.minLength : 0;
  const padded = text.length < min ? text + random.text(min - text.length) : text;
  return padded.slice(0, typeof schema.maxLength === 'number' ? schema.maxLength : padded.length);
}

function someDate(random: Random): Date {
  return new Date(SOME_TIME_MS + random.integer(0, 86_400) * 1_000);
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(HEX)).join('');
}
