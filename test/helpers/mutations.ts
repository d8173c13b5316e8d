import { sourceOf } from '../../src/msw/validate/schema-source.js';
import type { Contract, ContractOperation, JsonSchema } from '../../src/openapi/contract-types.js';
import { isRecord } from '../../src/util/is-record.js';
import { compileOnce, type RequestParts, setAt } from './valid-request.js';

/** A request that was broken in one place, and what is to be said of it. */
export interface Mutation {
  readonly name: string;
  readonly parts: RequestParts;
  readonly pointer: string;
  /** Any of them is right: a text in place of a number is of the wrong type, and not in the list either. */
  readonly rules: readonly string[];
}

const FORM = 'application/x-www-form-urlencoded';

/** Every way in which the document lets a valid request be broken. */
export function mutationsOf(
  contract: Contract,
  operation: ContractOperation,
  parts: RequestParts,
): Mutation[] {
  const { mediaType = '', schema = true } = operation.requestBody ?? {};
  const isRead = parts.body !== undefined && (mediaType === 'application/json' || mediaType === FORM);
  return [
    ...withoutBearer(operation, parts),
    ...parameterMutations(contract, operation, parts),
    ...(isRead ? bodyMutations(contract, schema, parts, mediaType === FORM) : []),
  ];
}

function withoutBearer({ secured }: ContractOperation, parts: RequestParts): Mutation[] {
  if (!secured) return [];
  const { authorization: _, ...headers } = parts.headers;
  return [
    {
      name: 'no bearer',
      parts: { ...parts, headers },
      pointer: '/headers/authorization',
      rules: ['required'],
    },
  ];
}

function parameterMutations(
  contract: Contract,
  { parameters }: ContractOperation,
  parts: RequestParts,
): Mutation[] {
  return parameters.flatMap(({ name, in: place, required, schema }): Mutation[] => {
    const key = place === 'header' ? name.toLowerCase() : name;
    const holder = place === 'header' ? 'headers' : place;
    if (holder === 'cookie' || !Object.hasOwn(parts[holder], key)) return [];
    const pointer = `/${holder}/${key}`;
    const others: Record<string, unknown> = { ...parts[holder] };
    delete others[key];
    const changed = (value: unknown) => ({ ...parts, [holder]: { ...others, [key]: value } });
    const { type, enum: values } = Object(sourceOf(contract).resolve(schema));
    return [
      ...(required && holder !== 'path'
        ? [{ name: 'dropped', parts: { ...parts, [holder]: others }, pointer, rules: ['required'] }]
        : []),
      ...(['number', 'integer', 'boolean'].includes(type)
        ? [{ name: 'type', parts: changed('not-of-that-type'), pointer, rules: ['type', 'enum'] }]
        : []),
      ...(Array.isArray(values) && type === 'string'
        ? [{ name: 'enum', parts: changed('not-in-the-list'), pointer, rules: ['enum'] }]
        : []),
    ];
  });
}

function bodyMutations(
  contract: Contract,
  schema: JsonSchema,
  parts: RequestParts,
  isForm: boolean,
): Mutation[] {
  const found: Mutation[] = [];
  const add = (name: string, pointer: string, value: unknown, rules: readonly string[]) => {
    const body = structuredClone({ body: parts.body });
    // A form has text only, so a number in the place of a text is a text there.
    const isText = isForm && (typeof value === 'number' || typeof value === 'boolean');
    setAt(body, pointer, isText ? String(value) : value);
    if (body.body !== undefined) found.push({ name, parts: { ...parts, body: body.body }, pointer, rules });
  };
  walk(contract, schema, parts.body, '/body', add);
  return found;
}

type Add = (name: string, pointer: string, value: unknown, rules: readonly string[]) => void;

function walk(contract: Contract, schema: JsonSchema, value: unknown, pointer: string, add: Add): void {
  const parts = partsOf(contract, schema, value);
  const types = parts.flatMap((part) => [part.type].flat()).filter((type) => type !== undefined);
  const open = parts.every((part) => part.type === undefined || types.includes('null'));
  const anyType = typesIn(contract, schema);
  if (!open && pointer !== '/body') add('type', pointer, wrongFor(anyType), ['type', 'enum', 'const']);
  const listed = parts.some((part) => Array.isArray(part.enum) && !part.enum.includes('not-in-the-list'));
  if (listed && types.includes('string')) add('enum', pointer, 'not-in-the-list', ['enum', 'const']);
  if (isRecord(value)) walkObject(contract, parts, value, pointer, add);
  if (Array.isArray(value) && value.length > 0) {
    for (const part of parts)
      if (part.items) walk(contract, part.items as JsonSchema, value[0], `${pointer}/0`, add);
  }
}

function walkObject(
  contract: Contract,
  parts: readonly Record<string, unknown>[],
  value: Record<string, unknown>,
  pointer: string,
  add: Add,
): void {
  const step = (name: string) => `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const required = new Set(parts.flatMap((part) => (Array.isArray(part.required) ? part.required : [])));
  for (const name of required) if (name in value) add('dropped', step(name), undefined, ['required']);
  const closed = parts.some((part) => part.additionalProperties === false);
  if (closed) add('extra', step('notAProperty'), 1, ['additionalProperties']);
  for (const [name, inner] of Object.entries(value)) {
    const declared = parts.flatMap((part) => {
      const properties = isRecord(part.properties) ? part.properties : {};
      return Object.hasOwn(properties, name) ? [properties[name] as JsonSchema] : [];
    });
    if (declared.length > 0) walk(contract, { allOf: declared }, inner, step(name), add);
  }
}

/** The objects of keywords that hold for a value: of each union, the first branch that allows it. */
function partsOf(contract: Contract, schema: JsonSchema, value: unknown): Record<string, unknown>[] {
  const resolved = sourceOf(contract).resolve(schema);
  if (typeof resolved === 'boolean') return [];
  const list = (key: string) => (Array.isArray(resolved[key]) ? (resolved[key] as JsonSchema[]) : []);
  const taken = [list('oneOf'), list('anyOf')].flatMap((branches) => {
    const branch = branches.find((one) => compileOnce(contract, one)(value));
    return branch === undefined ? [] : [branch];
  });
  return [resolved, ...[...list('allOf'), ...taken].flatMap((part) => partsOf(contract, part, value))];
}

/** Every type that some branch allows, so that what is to be wrong is wrong for all of them. */
function typesIn(contract: Contract, schema: JsonSchema, depth = 0): unknown[] {
  const resolved = sourceOf(contract).resolve(schema);
  if (typeof resolved === 'boolean' || depth > 6) return [];
  const branches = ['oneOf', 'anyOf', 'allOf'].flatMap((key) => (resolved[key] ?? []) as JsonSchema[]);
  return [...[resolved.type].flat(), ...branches.flatMap((branch) => typesIn(contract, branch, depth + 1))];
}

function wrongFor(types: readonly unknown[]): unknown {
  if (!types.includes('object')) return { not: 'of that type' };
  return types.includes('string') ? (types.includes('number') ? true : 12) : 'not-an-object';
}
