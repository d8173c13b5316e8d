import { contract } from '../../generated/contract.js';
import type { EmulatedOperation } from './emulated-call.js';
import { Refusal } from './refusal.js';

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

/** GET /v1/connect/services/{service}. */
export const getConnectService: EmulatedOperation<'getConnectService'> = ({ params, query }) => {
  const { service } = params;
  const schema = Object.hasOwn(SCHEMAS, service) ? SCHEMAS[service] : undefined;
  if (schema === undefined) throw new Refusal(404, `There is no service ${service}.`);
  const createInputSchema = contract.schemas[schema];
  const isAsked = query.schemas === true && typeof createInputSchema === 'object';
  return { body: { types: [{ type: service, ...(isAsked ? { createInputSchema } : {}) }] } };
};

/** POST /v2/files: keeps the digest of what was uploaded. */
export const uploadFile: EmulatedOperation<'uploadFile'> = async ({ state, request }) => {
  const digest = request.headers.get('x-vercel-digest')?.toLowerCase();
  const hash = await crypto.subtle.digest('SHA-1', await request.clone().arrayBuffer());
  const actual = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (digest === undefined) throw new Refusal(400, 'The header x-vercel-digest is missing.');
  if (digest !== actual) throw new Refusal(400, 'The digest is not that of the file.');
  const isNew = !state.files.has(actual);
  state.files.add(actual);
  return { body: isNew ? { urls: [`files.example.com/${actual}`] } : {} };
};
