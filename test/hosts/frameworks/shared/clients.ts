// What every app asks of the API. The clients are made once, so that requests share the token cache.
import { createClient, NotFoundError } from 'vercel-rest';
import { createConnectClient, createTriggerVerifier, VerificationError } from 'vercel-rest/connect';
import { operations, type paths } from './vercel';

const credentials = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
const rest = createClient(credentials);
const generated = createClient<paths>({ ...credentials, teamId: 'team_1', operations });
const connect = createConnectClient(credentials);
const { verify } = createTriggerVerifier({ jwksUrl: process.env.JWKS_URL });

export async function readConnectors() {
  const { data } = await rest.GET('/v2/connect/connectors');
  return data.connectors;
}

export async function readAll() {
  const connectors = await readConnectors();
  const project = await generated.call('getProject', { params: { path: { idOrName: 'acme' } } });
  const error: unknown = await readGone().catch((cause) => cause);
  const token = await connect.getToken('slack/acme', { subject: { type: 'app' } });
  return {
    clients: 'clients-1',
    uid: connectors[0]?.uid,
    project: project.data.name,
    isNotFound: error instanceof NotFoundError,
    token,
  };
}

/** Fails with a 404 of the API. */
export async function readGone() {
  const { data } = await generated.call('getProject', { params: { path: { idOrName: 'gone' } } });
  return data.name;
}

/** Answers an event that Connect forwards with its body. */
export async function receive(request: Request) {
  try {
    const event = await verify(request, { projectId: 'prj_1', environment: 'production' });
    return Response.json(event.json());
  } catch (error) {
    if (error instanceof VerificationError) return new Response(null, { status: error.status });
    throw error;
  }
}
