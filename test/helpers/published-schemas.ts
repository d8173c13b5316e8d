import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { FORMATS } from '../../src/msw/validate/formats.js';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import { fromFragment, toPointer, valueAt } from '../../src/openapi/json-pointer.js';
import { isRecord } from '../../src/util/is-record.js';

/** A document as it was published, for ajv: what OpenAPI 3.0 says otherwise than JSON Schema is written as JSON Schema. */
export class PublishedSchemas {
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction | undefined>();

  /** What ajv could not compile. */
  readonly unread: string[] = [];

  constructor(readonly document: OpenApiDocument) {
    this.#ajv = new Ajv2020({
      strict: false,
      logger: false,
      meta: false,
      validateSchema: false,
      unicodeRegExp: false,
      formats: { ...FORMATS },
      code: { optimize: false },
    });
    this.#ajv.addSchema(toJsonSchema(document) as object, 'document', undefined, false);
  }

  /** The steps to a part of the document, references followed on the way. */
  locate(...steps: readonly string[]): string[] | undefined {
    let at: string[] = [];
    for (const step of steps) {
      at = [...at, step];
      for (let node = valueAt(this.document, at); isRecord(node) && typeof node.$ref === 'string'; ) {
        at = fromFragment(node.$ref);
        node = valueAt(this.document, at);
      }
      if (valueAt(this.document, at) === undefined) return undefined;
    }
    return at;
  }

  /** @returns `undefined` for what ajv cannot compile. */
  validator(steps: readonly string[]): ValidateFunction | undefined {
    const pointer = toPointer(steps);
    if (this.#compiled.has(pointer)) return this.#compiled.get(pointer);
    let compiled: ValidateFunction | undefined;
    try {
      compiled = this.#ajv.compile({ $ref: `document#${encodeURI(pointer)}` });
    } catch {
      // ajv refuses some schemas, such as an empty enum, and with them what refers to them.
      this.unread.push(pointer);
    }
    this.#compiled.set(pointer, compiled);
    return compiled;
  }
}

function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (!isRecord(node)) return node;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) result[key] = toJsonSchema(value);
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof result[exclusive] !== 'boolean') continue;
    const isExclusive = result[exclusive];
    delete result[exclusive];
    if (!isExclusive) continue;
    result[exclusive] = result[bound];
    delete result[bound];
  }
  if (result.nullable !== true) return result;
  delete result.nullable;
  return { anyOf: [result, { type: 'null' }] };
}
