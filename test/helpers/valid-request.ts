import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { createRandom } from '../../src/msw/respond/random.js';
import { sampleSchema } from '../../src/msw/respond/sample-body.js';
import { FORMATS } from '../../src/msw/validate/formats.js';
import { createSchemas } from '../../src/msw/validate/validator.js';
import type { Contract, ContractOperation, JsonSchema } from '../../src/openapi/contract-types.js';

/** A request in parts, so that one of them can be broken. */
export interface RequestParts {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Makes a request that the document allows.
 *
 * @param wide - Whether optional parameters are sent too.
 */
export function validRequest(
  contract: Contract,
  operation: ContractOperation,
  seed: number,
  wide: boolean,
): RequestParts {
  const path: Record<string, string> = {};
  const query: Record<string, string | string[]> = {};
  const headers: Record<string, string> = { authorization: 'Bearer a-valid-bearer' };
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (!required && !wide) continue;
    const value = validValue(contract, schema, `${seed} ${operation.operationId} ${place} ${name}`);
    if (place === 'path') path[name] = String(value);
    if (place === 'query') query[name] = Array.isArray(value) ? value.map(String) : String(value);
    if (place === 'header') headers[name.toLowerCase()] = String(value);
  }
  const { requestBody } = operation;
  if (requestBody === undefined || (!requestBody.required && !wide)) return { path, query, headers };
  headers['content-type'] = requestBody.mediaType;
  return {
    path,
    query,
    headers,
    body: validValue(contract, requestBody.schema, `${seed} ${operation.operationId}`),
  };
}

/** Writes the parts of a request as it is sent. */
export function toRequest({ method, path: template }: ContractOperation, parts: RequestParts): Request {
  const path = template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(parts.path[name] ?? ''),
  );
  const url = new URL(`https://api.vercel.com${path}`);
  for (const [name, value] of Object.entries(parts.query)) {
    for (const item of [value].flat()) url.searchParams.append(name, item);
  }
  const isJson = parts.headers['content-type'] === 'application/json';
  const body = isJson ? JSON.stringify(parts.body) : String(parts.body);
  return new Request(url, { method, headers: parts.headers, ...(parts.body === undefined ? {} : { body }) });
}

/** The component schemas that a schema refers to, and those that they refer to. */
export function componentsOf({ schemas }: Contract, schema: JsonSchema): Record<string, JsonSchema> {
  const found: Record<string, JsonSchema> = {};
  const waiting: JsonSchema[] = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const names = JSON.stringify(next).matchAll(/"\$ref":"#\/components\/schemas\/([^/"]+)/g);
    for (const [, step = ''] of names) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const component = schemas[name];
      if (component === undefined || Object.hasOwn(found, name)) continue;
      found[name] = component;
      waiting.push(component);
    }
  }
  return found;
}

const compiled = new WeakMap<object, ValidateFunction>();

/** A validator of a schema of a contract, every `oneOf` read as `anyOf`. */
export function compileOnce(contract: Contract, schema: JsonSchema): ValidateFunction {
  const key = typeof schema === 'object' ? schema : { schema };
  const ajv = () => {
    const instance = new Ajv2020({
      strict: false,
      logger: false,
      allErrors: true,
      meta: false,
      formats: FORMATS,
    });
    const anyOf = Object(instance.getKeyword('anyOf'));
    return instance.removeKeyword('oneOf').addKeyword({ ...anyOf, keyword: 'oneOf' });
  };
  const components = () => ({ schemas: componentsOf(contract, schema) });
  const validate = compiled.get(key) ?? ajv().compile({ allOf: [schema], components: components() });
  compiled.set(key, validate);
  return validate;
}

/** Makes a value of a schema, with patterns and formats that the mock's own generator does not know. */
function validValue(contract: Contract, schema: JsonSchema, seed: string): unknown {
  const schemas = createSchemas(contract);
  const validate = compileOnce(contract, schema);
  const retries = new Map<string, number>();
  for (let attempt = 0; attempt < 60; attempt++) {
    const holder = { value: sampleSchema(schema, createRandom(seed), schemas, { retries }) };
    for (let round = 0; round < 3 && !validate(holder.value); round++)
      mendTexts(holder, validate.errors ?? [], seed);
    if (validate(holder.value)) return holder.value;
    for (const path of new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))) {
      retries.set(path, (retries.get(path) ?? 0) + 1);
    }
  }
  throw new Error(
    `no valid value for ${JSON.stringify(schema)}: ${JSON.stringify(validate.errors?.slice(0, 3))}`,
  );
}

function mendTexts(holder: { value: unknown }, errors: readonly ErrorObject[], seed: string): void {
  for (const { keyword, params, instancePath } of errors) {
    if (keyword !== 'pattern') continue;
    setAt(holder, `/value${instancePath}`, textOf(params.pattern, seed));
  }
}

/** Patterns of the published documents that the library cannot make texts for, with one each. */
const BY_HAND = ['w-w', '+1.4155550123', 'example.com', '0.99', 'env_0a1b2c', '2026-01-31', 'amber'];

function textOf(pattern: string, seed: string): string | undefined {
  const expression = new RegExp(pattern, 'u');
  const known = BY_HAND.find((text) => expression.test(text));
  if (known !== undefined) return known;
  const texts = fc.stringMatching(expression, { size: 'xsmall' });
  return fc.sample(texts, { seed: seed.length, numRuns: 1 })[0];
}

/** Puts a value at a JSON pointer; `undefined` takes what is there away. */
export function setAt(root: unknown, pointer: string, value: unknown): void {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  let node = root;
  for (const step of steps) node = Reflect.get(Object(node), step);
  if (value === undefined) Reflect.deleteProperty(Object(node), last);
  else Reflect.set(Object(node), last, value);
}
