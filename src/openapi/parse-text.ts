import { messageOf } from '../util/message-of.js';
import { nodeModule } from '../util/node-module.js';

/** Most values behind the aliases of a YAML text. The largest real documents have about a million. */
const MAX_VALUES = 2_000_000;
/** Real documents have some 40 levels. */
const MAX_DEPTH = 256;

/**
 * Parses JSON or YAML, detected by the text and not by the name of a file. Merge keys (`<<`) of YAML are merged.
 *
 * YAML needs the package js-yaml, an optional peer.
 *
 * @throws {Error} Saying what the text is instead, and where it ends early; and for YAML whose aliases represent more than two
 *   million values.
 */
export function parseText(given: string): unknown {
  // Editors on Windows begin a file with a byte order mark.
  const text = given.replace(/^\uFEFF/, '');
  const start = text.trimStart().charAt(0);
  if (start === '') throw new Error('is empty');
  if (start === '<') throw new Error('is a web page or XML; download the document again');
  if (start !== '{' && start !== '[') return parseYaml(text);
  try {
    // JSON is YAML too, but a YAML parser takes seconds for megabytes of it.
    return JSON.parse(text);
  } catch (notJson) {
    // `{ "` begins JSON, whose own parser names the error best. Any other brace may begin a YAML flow mapping.
    const isMeantAsJson = /^\s*[[{]\s*["}[{]/.test(text);
    try {
      return parseYaml(text);
    } catch (cause) {
      throw isMeantAsJson ? new Error(`is not JSON: ${firstLine(notJson)}`, { cause: notJson }) : cause;
    }
  }
}

function parseYaml(text: string): unknown {
  const load = loadYaml();
  let value: unknown;
  try {
    value = load(text);
  } catch (cause) {
    if (cause instanceof RangeError || /Maximum call stack|nesting exceeded/.test(String(cause)))
      throw new Error(`is nested more than ${MAX_DEPTH} levels deep`, { cause });
    const problem = firstLine(cause).replace(/\((\d+):(\d+)\)$/, 'at line $1, column $2');
    throw new Error(`is not YAML: ${problem}`, { cause });
  }
  countValues(value, new Map(), 0);
  return value;
}

/** Counts a value once for each alias of it, and walks it once. */
function countValues(value: unknown, counted: Map<object, number>, depth: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (depth > MAX_DEPTH) throw new Error(`is nested more than ${MAX_DEPTH} levels deep`);
  const known = counted.get(value);
  if (known !== undefined) return known;
  let count = 1;
  for (const held of Object.values(value)) count += countValues(held, counted, depth + 1);
  if (count > MAX_VALUES) throw new Error(`has aliases for more than ${MAX_VALUES} values`);
  counted.set(value, count);
  return count;
}

function firstLine(cause: unknown): string {
  const message = messageOf(cause);
  return message.split('\n', 1)[0] ?? '';
}

/** The used parts of js-yaml: 4 has `types` and `extend`, 5 has `mergeTag` and `withTags`. */
interface JsYaml {
  load(text: string, options: object): unknown;
  readonly CORE_SCHEMA: { extend?(tags: object): object; withTags?(tag: unknown): object };
  readonly mergeTag?: unknown;
  readonly types?: { readonly merge: unknown };
}

/** Loads js-yaml, set to read YAML 1.2, in which a date is a text, and merge keys. */
function loadYaml(): (text: string) => unknown {
  try {
    const require = nodeModule('node:module')?.createRequire(import.meta.url);
    if (require === undefined) throw new Error('this runtime has no require');
    // Node loads the package of that name; what it lacks of this is asked for below.
    const { load, CORE_SCHEMA, mergeTag, types } = require('js-yaml') as JsYaml;
    const schema =
      CORE_SCHEMA.withTags?.(mergeTag) ?? (types && CORE_SCHEMA.extend?.({ implicit: [types.merge] }));
    // Older ones read `2024_01` as a number.
    if (schema === undefined || load('2024_01', { schema }) !== '2024_01')
      throw new Error('the installed js-yaml is older than 4.2');
    // The values behind aliases are counted afterwards: a limit on the aliases themselves would refuse large documents.
    const options = { schema, maxDepth: MAX_DEPTH, maxAliases: -1, maxTotalMergeKeys: MAX_VALUES };
    return (text) => load(text, options);
  } catch (cause) {
    throw new Error(
      'is a YAML document, which needs the package js-yaml: run `npm install --save-dev js-yaml`, or save it as JSON',
      { cause },
    );
  }
}
