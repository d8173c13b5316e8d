import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';

export default {
  async fetch(_request, env) {
    const options = { baseUrl: env.API_URL, bearerToken: 'host-bearer' };
    const { data } = await createClient(options).GET('/v2/connect/connectors');
    const connect = createConnectClient(options);
    const token = await connect.getToken('slack/acme', { subject: { type: 'app' } });
    return Response.json({ uid: data.connectors[0].uid, token });
  },
};
