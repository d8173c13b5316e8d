import { contract } from '../../generated/contract.js';
import type { EmulatedOperation } from './emulated-call.js';
import { HttpError } from './http-error.js';

/** The services that the document has a shape of data for, by schema. */
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

/** Services that are connected with a type of another name. */
const TYPES: Readonly<Record<string, string>> = { notion: 'oauth' };

/** The schema of the data that a new connector of a type takes; `undefined` for a type without one. */
export function dataSchemaOf(type: string): { readonly $ref: string } | undefined {
  const name = Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined;
  return name === undefined ? undefined : { $ref: `#/components/schemas/${name}` };
}

/** GET /v1/connect/services/{service}. */
export const getConnectService: EmulatedOperation<'getConnectService'> = ({ params, query }) => {
  const { service } = params;
  const type = (Object.hasOwn(TYPES, service) ? TYPES[service] : undefined) ?? service;
  const schema = Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined;
  if (schema === undefined) throw new HttpError(404, `There is no service ${service}.`);
  const createInputSchema = contract.schemas[schema];
  const isAsked = query.schemas === true && typeof createInputSchema === 'object';
  const described = { type, ...(isAsked ? { createInputSchema } : {}) };
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
};

/** POST /v2/files: keeps the digest of what was uploaded. */
export const uploadFile: EmulatedOperation<'uploadFile'> = async ({ state, request }) => {
  const digest = request.headers.get('x-vercel-digest')?.toLowerCase();
  const hash = await crypto.subtle.digest('SHA-1', await request.clone().arrayBuffer());
  const actual = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (digest === undefined) throw new HttpError(400, 'The header x-vercel-digest is missing.');
  if (digest !== actual) throw new HttpError(400, 'The digest is not that of the file.');
  const isNew = !state.files.has(actual);
  state.files.add(actual);
  return { body: isNew ? { urls: [`files.example.com/${actual}`] } : {} };
};
