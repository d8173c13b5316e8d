// Source code of an application, which the tests compile to CommonJS.
import { createClient, NotFoundError, paginate } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';

export async function listUids(options) {
  const uids = [];
  for await (const { uid } of paginate(createClient(options), 'listConnectors')) uids.push(uid);
  return uids;
}

export async function isThere(connector, options) {
  try {
    await createClient(options).GET('/v1/connect/connectors/{connector}', {
      params: { path: { connector } },
    });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

export const getToken = (options) =>
  createConnectClient(options).getToken('slack/acme', { subject: { type: 'app' } });
