import { isRecord } from '../../../src/util/is-record.js';

/** A source of numbers below 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SETS = new Set(['enum', 'required', 'oneOf', 'anyOf', 'tags', 'parameters']);
/** Below these a key is a name, or what stands there is a value. */
const NOT_SCHEMAS = new Set(['properties', 'example', 'examples', 'default', 'paths', 'schemas']);

/** The same document in another order: of keys, of set-like lists, and with other numbers in compiler artefacts. */
export function shuffleDocument(node: unknown, random: () => number, key = ''): unknown {
  if (Array.isArray(node)) {
    const items = node.map((item) => shuffleDocument(item, random));
    return SETS.has(key) ? shuffle(items, random) : items;
  }
  if (!isRecord(node)) {
    return typeof node === 'string' && /^__@.+@\d+$/.test(node) ? renumber(node) : node;
  }
  const isValue = key === 'example' || key === 'examples' || key === 'default';
  const entries = Object.entries(node).map(([name, value]) => [
    renumber(name),
    isValue ? value : shuffleDocument(value, random, NOT_SCHEMAS.has(key) ? '' : name),
  ]);
  // Paths keep their order: operations are told in the order of the document.
  return Object.fromEntries(key === 'paths' ? entries : shuffle(entries, random));
}

function renumber(name: string): string {
  return name.replace(/^(__@.+@)\d+$/, '$1999999');
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
