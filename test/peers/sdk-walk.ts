import { Vercel } from 'vercel-sdk-2025-10';
import type { Contract, ContractOperation, JsonSchema } from '../../src/openapi/contract-types.js';
import { validRequest } from '../helpers/valid-request.js';

const ITEMS = 'V1InstallationsByIntegrationConfigurationIdResourcesByResourceIdExperimentation';
/** Operations without an id have a name of their own in the SDK. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  createInstallationIntegrationConfiguration: `post${ITEMS}Items`,
  updateInstallationIntegrationConfiguration: `patch${ITEMS}ItemsByItemId`,
  deleteInstallationIntegrationConfiguration: `delete${ITEMS}ItemsByItemId`,
  createInstallationIntegrationEdgeConfig: `head${ITEMS}EdgeConfig`,
  updateInstallationIntegrationEdgeConfig: `put${ITEMS}EdgeConfig`,
  getV9ProjectsIdOrNameCustomEnvironments: 'getV9ProjectsByIdOrNameCustomEnvironments',
};

/** One method of the SDK, and the operation that it calls. */
export interface SdkMethod {
  readonly tag: string;
  readonly name: string;
  readonly operation: ContractOperation;
  call(argument: unknown): Promise<unknown>;
}

/** Every method of the SDK, by the operation whose id its name is made of. */
export function sdkMethods(contract: Contract): { methods: SdkMethod[]; unmatched: string[] } {
  const client = new Vercel({ bearerToken: 'sdk-bearer', retryConfig: { strategy: 'none' } });
  const byName = new Map(Object.values(contract.operations).map((one) => [plainName(one.operationId), one]));
  const methods: SdkMethod[] = [];
  const unmatched: string[] = [];
  for (const tag of namesOf(Vercel.prototype)) {
    const group: object = Reflect.get(client, tag);
    for (const name of namesOf(Object.getPrototypeOf(group))) {
      const operation = byName.get(plainName(OWN_NAMES[name] ?? name));
      if (operation === undefined) {
        unmatched.push(`${tag}.${name}`);
        continue;
      }
      const call = async (argument: unknown) => {
        const method: (argument: unknown) => Promise<unknown> = Reflect.get(group, name);
        return method.call(group, argument);
      };
      methods.push({ tag, name, operation, call });
    }
  }
  return { methods, unmatched };
}

const BYTES = new TextEncoder().encode('bytes');

/** What the SDK takes for a valid request: parameters and body side by side, times as dates. */
export function argumentFor(contract: Contract, operation: ContractOperation, wide: boolean): unknown {
  const { path, query, headers, body } = validRequest(contract, operation, 3, wide);
  const typed = operation.parameters.flatMap(({ name, schema }) => {
    const value = path[name] ?? query[name] ?? headers[name.toLowerCase()];
    if (value === undefined) return [];
    const isNumber = ['number', 'integer'].includes(Object(schema).type);
    const isBoolean = Object(schema).type === 'boolean';
    return [[camelCase(name), isNumber ? Number(value) : isBoolean ? value === 'true' : value]];
  });
  const parameters = Object.fromEntries(typed);
  if (body === undefined) return parameters;
  const { mediaType, schema } = operation.requestBody ?? { mediaType: '', schema: true };
  const requestBody = mediaType === 'application/json' ? withDates(body, schema) : BYTES;
  // Where there is nothing but a body, the SDK takes it as such.
  if (operation.parameters.length === 0) return requestBody;
  // Newer versions of fetch hold a request to the length that it names.
  const length =
    'contentLength' in parameters && requestBody === BYTES ? { contentLength: BYTES.length } : {};
  return { ...parameters, ...length, requestBody };
}

/** Fields of the OAuth exchange, which alone are written with underscores. */
function renamed(name: string): string {
  return /^(?:client_id|client_secret|redirect_uri|grant_type)$/.test(name) ? camelCase(name) : name;
}

/** The body as the SDK takes it: with dates where the document has times. */
function withDates(value: unknown, schema: JsonSchema): unknown {
  const { properties = {}, additionalProperties = true, items = true, format, anyOf, oneOf } = Object(schema);
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const branch = [...(anyOf ?? []), ...(oneOf ?? [])].find(({ type }: { type?: unknown }) => type === kind);
  if (branch !== undefined) return withDates(value, branch);
  if (format === 'date-time' && typeof value === 'string') return new Date(value);
  if (Array.isArray(value)) return value.map((item) => withDates(item, items));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      renamed(name),
      withDates(inner, properties[name] ?? additionalProperties),
    ]),
  );
}

function namesOf(prototype: object): string[] {
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return methods.filter((name) => !name.startsWith('_'));
}

function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

function camelCase(name: string): string {
  const camel = name.replaceAll(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return camel.charAt(0).toLowerCase() + camel.slice(1);
}
