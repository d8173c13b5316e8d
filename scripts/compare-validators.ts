// Compares validators of JSON Schema (docs/decisions/validator.md): npx tsx scripts/compare-validators.ts <suite> <document...>
// <suite> is a checkout of json-schema-org/JSON-Schema-Test-Suite. A candidate that is not installed is left out.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openContract } from '../src/msw/handlers/open-contract.js';
import { Responder } from '../src/msw/respond/responder.js';
import { SchemaSource, sourceOf } from '../src/msw/validate/schema-source.js';
import { createSchemas, validate } from '../src/msw/validate/validator.js';
import type { Contract, JsonSchema } from '../src/openapi/contract-types.js';

const [suite = '', ...documents] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

type IsValid = (value: unknown) => boolean;
/** Prepares a schema; `others` are documents that it may refer to. */
type Prepare = (schema: JsonSchema, others: Readonly<Record<string, JsonSchema>>) => IsValid;
interface Candidate {
  readonly name: string;
  readonly prepare: Prepare;
  /** The same for a schema of a contract, sharing what can be shared. */
  readonly ofContract?: (contract: Contract) => (schema: JsonSchema) => IsValid;
}

const ours: Candidate = {
  name: 'own',
  prepare: (schema, others) => (value) =>
    validate(new SchemaSource(schema, false, others), schema, value, { oneOf: 'one' }).length === 0,
  ofContract: (contract) => {
    const source = sourceOf(contract);
    return (schema) => (value) => validate(source, schema, value, { oneOf: 'one' }).length === 0;
  },
};

async function candidates(): Promise<Candidate[]> {
  const load = async (name: string) => import(name).catch(() => undefined);
  const [ajv, cfworker, jsonschema] = [
    await load('ajv/dist/2020.js'),
    await load('@cfworker/json-schema'),
    await load('jsonschema'),
  ];
  return [
    ours,
    ...(ajv && [
      {
        name: 'ajv',
        prepare: (schema: JsonSchema, others: Readonly<Record<string, JsonSchema>>) => {
          const instance = new ajv.Ajv2020({ strict: false, logger: false, validateFormats: false });
          for (const [uri, other] of Object.entries(others))
            if (!uri.startsWith('https://json-schema.org/')) instance.addSchema(other, uri);
          return instance.compile(schema) as IsValid;
        },
      },
    ]),
    ...(cfworker
      ? [
          {
            name: '@cfworker/json-schema',
            prepare: (schema: JsonSchema, others: Readonly<Record<string, JsonSchema>>) => {
              const validator = new cfworker.Validator(schema, '2020-12');
              for (const [uri, other] of Object.entries(others)) validator.addSchema(other, uri);
              return (value: unknown) => validator.validate(value).valid;
            },
          },
        ]
      : []),
    ...(jsonschema
      ? [
          {
            name: 'jsonschema',
            prepare: (schema: JsonSchema, others: Readonly<Record<string, JsonSchema>>) => {
              const validator = new jsonschema.Validator();
              for (const [uri, other] of Object.entries(others)) validator.addSchema(other, uri);
              return (value: unknown) => validator.validate(value, schema).valid;
            },
          },
        ]
      : []),
  ];
}

/** The documents that the tests of the suite refer to, by URI. */
function readRemotes(): Record<string, JsonSchema> {
  const remotes: Record<string, JsonSchema> = {};
  const folder = join(suite, 'remotes/draft2020-12');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.json'))
      remotes[`http://localhost:1234/draft2020-12/${name}`] = read(join(folder, name));
  const meta = join(dirname(require.resolve('ajv/package.json')), 'dist/refs/json-schema-2020-12');
  remotes['https://json-schema.org/draft/2020-12/schema'] = read(join(meta, 'schema.json'));
  for (const name of readdirSync(join(meta, 'meta')))
    remotes[`https://json-schema.org/draft/2020-12/meta/${name.replace('.json', '')}`] = read(
      join(meta, 'meta', name),
    );
  return remotes;
}

function runSuite({ name, prepare }: Candidate, remotes: Record<string, JsonSchema>): string {
  const folder = join(suite, 'tests/draft2020-12');
  const failed = new Map<string, number>();
  let [passed, all] = [0, 0];
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    for (const { schema, tests } of read(join(folder, file))) {
      for (const { data, valid } of tests) {
        all += 1;
        if (verdictOf(() => prepare(schema, remotes)(data)) === valid) passed += 1;
        else failed.set(file, (failed.get(file) ?? 0) + 1);
      }
    }
  }
  const where = [...failed].map(([file, count]) => `${file} ${count}`).join(', ');
  return `${name}: suite ${passed} of ${all}${where === '' ? '' : `; fails ${where}`}`;
}

/** Runs a check; returns `undefined` where it throws. */
function verdictOf(check: () => boolean): boolean | undefined {
  try {
    return check();
  } catch {
    return undefined;
  }
}

/** Time of checking one body of each response, in milliseconds: the first check, and a second. */
function timeDocument(candidate: Candidate, document: string): string {
  const { contract } = openContract({ document });
  const responder = new Responder(1, createSchemas(contract));
  const pairs = Object.values(contract.operations).flatMap((operation) => {
    const body = operation.responses[responder.defaultStatus(operation)]?.body;
    if (body === undefined || typeof body.schema === 'boolean') return [];
    try {
      return [
        { schema: body.schema, value: responder.bodyOf(operation, responder.defaultStatus(operation)) },
      ];
    } catch {
      return [];
    }
  });
  const components = { schemas: Object.fromEntries(Object.entries(contract.schemas)) };
  const shared = candidate.ofContract?.(contract);
  const prepare = (schema: JsonSchema) =>
    shared?.(schema) ?? candidate.prepare({ allOf: [schema], components } as JsonSchema, {});
  const times = pairs.map(({ schema, value }) => {
    const before = performance.now();
    const check = prepare(schema);
    try {
      check(value);
    } catch {
      return undefined;
    }
    const middle = performance.now();
    check(value);
    return { first: middle - before, second: performance.now() - middle };
  });
  const known = times.filter((time) => time !== undefined);
  const sum = (key: 'first' | 'second') => known.reduce((total, time) => total + time[key], 0).toFixed(0);
  const longest = Math.max(...known.map(({ first }) => first)).toFixed(0);
  return `  ${document.split('/').at(-1)}: ${known.length} bodies, first ${sum('first')} ms (longest ${longest}), second ${sum('second')} ms`;
}

function timeUnions({ prepare }: Candidate): string {
  const times = [2, 4, 8, 16, 64].map((branches) => {
    const tree = (index: number) => ({
      allOf: [
        { type: 'object', required: ['kind'], properties: { kind: { enum: [`k${index}`] } } },
        { properties: { children: { type: 'array', items: { $ref: '#/$defs/any' } } } },
      ],
    });
    const any = { anyOf: Array.from({ length: branches }, (_, index) => tree(index)) };
    const nest = (depth: number): unknown => ({
      kind: `k${branches - 1}`,
      children: depth === 0 ? [] : [nest(depth - 1)],
    });
    const before = performance.now();
    prepare({ $defs: { any }, $ref: '#/$defs/any' }, {})(nest(12));
    return `${branches}: ${(performance.now() - before).toFixed(0)}`;
  });
  return `  recursive union of branches, 12 deep, ms: ${times.join(', ')}`;
}

const remotes = readRemotes();
for (const candidate of await candidates()) {
  console.log(runSuite(candidate, remotes));
  for (const document of documents) console.log(timeDocument(candidate, document));
  if (candidate.name === 'own' || process.env.UNIONS === 'all') console.log(timeUnions(candidate));
}
