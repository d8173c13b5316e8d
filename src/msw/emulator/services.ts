import { contract } from '../../generated/contract.js';
import { toHex } from '../../util/bytes.js';
import type { EmulatedOperations } from './emulated-call.js';
import { HttpError } from './http-error.js';

/** The schemas of the data of new connectors, by service. */
const SCHEMAS: Readonly<Record<string, string>> = {
  'api-key': 'ConnectApiKeyCreateData',
  github: 'ConnectGitHubData',
  linear: 'ConnectLinearData',
  linq: 'ConnectLinqData',
  oauth: 'ConnectOAuthData',
  photon: 'ConnectPhotonCreateData',
  salesforce: 'ConnectSalesforceData',
  sendblue: 'ConnectSendblueData',
  slack: 'ConnectSlackData',
  snowflake: 'ConnectSnowflakeCreateData',
  'snowflake-wif': 'ConnectSnowflakeWifCreateData',
};

/** Services whose connectors have a type of another name. */
const TYPES: Readonly<Record<string, string>> = { notion: 'oauth' };

/** Returns the schema of the data of a new connector; `undefined` for a type without one. */
export function dataSchemaOf(type: string): { readonly $ref: string } | undefined {
  const name = Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined;
  return name === undefined ? undefined : { $ref: `#/components/schemas/${name}` };
}

export const serviceOperations = {
  /** GET /v1/connect/services/{service}. */
  getConnectService({ params, query }) {
    const { service } = params;
    const type = (Object.hasOwn(TYPES, service) ? TYPES[service] : undefined) ?? service;
    const schema = Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined;
    if (schema === undefined) throw new HttpError(404, `The service ${service} does not exist.`);
    const createInputSchema = contract.schemas[schema];
    const withSchema = query.schemas === true && typeof createInputSchema === 'object';
    const described = { type, ...(withSchema ? { createInputSchema } : {}) };
    const method = {
      connectionMethod: type,
      label: `Your own ${service} app`,
      create: { managed: type !== 'api-key', manual: true },
      type: described,
      targets: [{ target: 'default', label: 'Everything' }],
      docUrl: `https://vercel.com/docs/connect/${service}`,
      instructions: [
        `Create an app at ${service}.`,
        'Set its redirect URL to https://connect.vercel.com/callback.',
      ],
    };
    return {
      body: {
        name: service,
        types: [described],
        connectionMethods: [method],
        targets: method.targets,
        resolvedConnectionMethod: type,
      },
    };
  },
  /** POST /v2/files: keeps the digest of the upload. */
  async uploadFile({ state, request }) {
    const digest = request.headers.get('x-vercel-digest')?.toLowerCase();
    const hash = await crypto.subtle.digest('SHA-1', await request.clone().arrayBuffer());
    const actual = toHex(new Uint8Array(hash));
    if (digest === undefined) throw new HttpError(400, 'The header x-vercel-digest is missing.');
    if (digest !== actual) throw new HttpError(400, 'The digest is not that of the file.');
    const isNew = !state.files.has(actual);
    state.files.add(actual);
    return { body: isNew ? { urls: [`files.example.com/${actual}`] } : {} };
  },
} satisfies EmulatedOperations;
